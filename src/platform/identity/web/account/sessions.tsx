import {
  ErrorState,
  formatTime,
  StatusTag,
  useApi,
  useLanguage,
  useSend,
  useToast,
} from '#platform/ui/web';
import { at, type Items, type Session } from '../api.ts';
import { EndButton, Section } from '../parts.tsx';
import { identityWords } from '../words.ts';

const BROWSERS = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'];
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'Linux'];

/** The browser and the system that a session began in, as far as they say. */
const deviceOf = (userAgent: string): string =>
  [BROWSERS, SYSTEMS]
    .map((names) => names.find((name) => userAgent.includes(name)))
    .filter(Boolean)
    .join(' · ');

/** Where one is signed in; each can be ended. */
export function Sessions() {
  const say = identityWords.useText();
  const language = useLanguage();
  const toast = useToast();
  const sessions = useApi<Items<Session>>(at.sessions);
  const end = useSend({ touches: [at.all], onDone: () => toast.done(say('sessionEnded')) });
  const methods: Readonly<Record<string, string>> = {
    password: say('method_password'),
    'password+code': say('method_code'),
    passkey: say('method_passkey'),
    provider: say('method_provider'),
    demonstration: say('method_demonstration'),
    recovery: say('method_recovery'),
  };
  return (
    <Section id="sessions" title={say('sessions')} about={say('sessionsAbout')}>
      {sessions.error && <ErrorState error={sessions.error} />}
      <ul className="sj-id-list">
        {sessions.data?.items.map((session) => {
          const device = deviceOf(session.userAgent) || say('unknownDevice');
          return (
            <li key={session.id}>
              <div>
                {device}{' '}
                {session.current && <StatusTag tone="ok">{say('sessionCurrent')}</StatusTag>}
                <div className="sj-soft">
                  {methods[session.method] ?? session.method} · {session.address} ·{' '}
                  {say('since', { time: formatTime(session.createdAt, language) })}
                </div>
              </div>
              {!session.current && (
                <EndButton
                  text={say('sessionEnd')}
                  label={say('sessionEndIt', { device })}
                  onEnd={() => end.mutate({ method: 'DELETE', path: at.session(session.id) })}
                />
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
