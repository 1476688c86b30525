import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type RefusalKind, toRefusal } from '#kernel/errors';

const NS = 'https://uri.etsi.org/ngsi-ld/errors/';

/** Table 5.5.2-1 and 6.3.2-1: our refusals in the standard's words. Those without a word keep their HTTP status alone. */
const TYPE_OF: Readonly<Partial<Record<RefusalKind, readonly [name: string, title: string]>>> = {
  invalid: ['BadRequestData', 'Bad request data'],
  'not-found': ['ResourceNotFound', 'Resource not found'],
  conflict: ['AlreadyExists', 'Already exists'],
  'not-implemented': ['OperationNotSupported', 'Operation not supported'],
};
/** Table 6.3.2-1 gives three of them another status than we do. */
const UNSUPPORTED_STATUS = 422;
const TOO_MANY_STATUS = 403;
const CONTEXT_STATUS = 504;

export type LdProblem = { type: string; title: string; detail?: string; status: number };

/** Problem details as clause 5.5.2 wants them: a type of the standard, a short title, the reason in `detail`. */
export const toLdProblem = (error: unknown, requestId: string): LdProblem => {
  const refusal = toRefusal(error);
  if (!refusal)
    return {
      type: `${NS}InternalError`,
      title: 'Internal error',
      detail: `Logged as ${requestId}.`,
      status: 500,
    };
  const { code, validationContext } = error as { code?: string; validationContext?: string };
  const notJson =
    error instanceof SyntaxError ||
    code === 'FST_ERR_CTP_EMPTY_JSON_BODY' ||
    code === 'FST_ERR_CTP_INVALID_JSON_BODY';
  // Clause 6.3.20: parameters that an operation does not have make the request invalid, not its data.
  if (notJson || refusal.facts['request'] || validationContext === 'querystring')
    return {
      type: `${NS}InvalidRequest`,
      title: 'Invalid request',
      detail: refusal.message,
      status: 400,
    };
  if (refusal.facts['ldContext'])
    return {
      type: `${NS}LdContextNotAvailable`,
      title: 'The @context is not available',
      detail: refusal.message,
      status: CONTEXT_STATUS,
    };
  // Clause 5.9.2.4: what is registered elsewhere is not here; two things of one name are another matter.
  if (refusal.facts['conflict'])
    return {
      type: `${NS}Conflict`,
      title: 'Conflict',
      detail: refusal.message,
      status: refusal.status,
    };
  if (refusal.facts['results'])
    return {
      type: `${NS}TooManyResults`,
      title: 'Too many results',
      detail: refusal.message,
      status: TOO_MANY_STATUS,
    };
  if (refusal.facts['tenant'])
    return {
      type: `${NS}NonexistentTenant`,
      title: 'Nonexistent tenant',
      detail: refusal.message,
      status: refusal.status,
    };
  const [name, title] = TYPE_OF[refusal.kind] ?? [];
  return {
    type: name ? `${NS}${name}` : 'about:blank',
    title: title ?? STATUS_CODES[refusal.status] ?? 'Refused',
    detail: refusal.message,
    status: refusal.kind === 'not-implemented' ? UNSUPPORTED_STATUS : refusal.status,
  };
};

export const sendLdProblem = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) => {
  const problem = toLdProblem(error, request.id);
  if (problem.status === 500)
    request.log.error({ err: error, reqId: request.id }, 'request failed');
  // Clause 6.3.4: just the status, without any body.
  if (problem.status === 415) return reply.code(415).send();
  if (problem.status === 503) reply.header('retry-after', '2');
  return reply
    .code(problem.status)
    .type('application/json')
    .serializer(JSON.stringify)
    .send(problem);
};
