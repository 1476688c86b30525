import { pino, type Logger } from 'pino';

export type { Logger };

/** Header and field names whose values never reach a log line. */
const SECRET_PATHS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'password',
  'secret',
  'token',
  '*.password',
  '*.secret',
  '*.token',
];

/** JSON lines on standard error, so that standard output stays for people and pipes. */
export const openLog = (level: string): Logger =>
  pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: SECRET_PATHS },
    pino.destination({ dest: 2, sync: false }),
  );
