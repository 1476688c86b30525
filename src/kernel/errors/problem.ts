import { Refusal, type RefusalKind } from './refusal.ts';

/** RFC 9457 problem details. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  [fact: string]: unknown;
};

type Thrown = {
  statusCode?: unknown;
  code?: unknown;
  message?: unknown;
  validation?: readonly { instancePath: string; message?: string }[];
  validationContext?: unknown;
};

/** Fastify's own refusals (bad JSON, body too large, wrong media type …) carry a 4xx statusCode. */
const KIND_OF_STATUS: Readonly<Record<number, RefusalKind>> = {
  400: 'invalid',
  404: 'not-found',
  406: 'not-acceptable',
  412: 'precondition-failed',
  413: 'too-large',
  415: 'unsupported-media',
  429: 'too-many',
};

const fromFramework = (error: Thrown): Refusal | undefined => {
  if (error.validation) {
    const [first] = error.validation;
    const where = `${String(error.validationContext ?? 'request')}${first?.instancePath ?? ''}`;
    return new Refusal('invalid', `${where} ${first?.message ?? 'is not valid'}.`, {
      faults: error.validation.map((v) => ({ at: v.instancePath, message: v.message })),
    });
  }
  const { statusCode: status } = error;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const kind = KIND_OF_STATUS[status] ?? 'invalid';
  return new Refusal(kind, String(error.message));
};

/** Errors of the world that reach us through Node: they are nobody's bug, and the caller may try again. */
const fromWorld = (error: Thrown): Refusal | undefined => {
  // SQLSTATE classes 22 and 54: the data itself, such as a NUL in a text or a key too long for its index.
  if (typeof error.code === 'string' && /^(?:22|54)[0-9A-Z]{3}$/.test(error.code))
    return new Refusal('invalid', 'This cannot be held by the database.');
  switch (error.code) {
    case 'ENOSPC':
    case '53100': // disk_full
      return new Refusal('full', 'The disk is full: nothing was stored.');
    case '57014': // query_canceled
      return new Refusal('timeout', 'The database took longer than the limit for one question.');
    case '40001': // serialization_failure
    case '40P01': // deadlock_detected
      return new Refusal(
        'unavailable',
        'Others are writing the same. Please try again in a moment.',
      );
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case '57P01': // admin_shutdown
    case '57P03': // cannot_connect_now
    case '53300': // too_many_connections
      return new Refusal('unavailable', 'The database cannot be reached at the moment.');
    default:
      return undefined;
  }
};

/** The refusal behind anything thrown, or undefined where it is a bug. */
export const toRefusal = (error: unknown): Refusal | undefined => {
  if (error instanceof Refusal) return error;
  if (typeof error !== 'object' || error === null) return undefined;
  return fromFramework(error) ?? fromWorld(error);
};

/** Translates anything thrown to RFC 9457, once, for every route. A bug shows only the id under which it is logged. */
export const toProblem = (error: unknown, requestId: string): Problem => {
  const refusal = toRefusal(error);
  if (!refusal)
    return {
      type: 'urn:sanjiang:problem:bug',
      title: 'Something broke on our side. It is logged under this id.',
      status: 500,
      instance: requestId,
    };
  return {
    ...refusal.facts,
    type: `urn:sanjiang:problem:${refusal.kind}`,
    title: refusal.message,
    status: refusal.status,
  };
};
