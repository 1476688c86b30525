import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import type { Config } from '#kernel/config';
import { toProblem } from '#kernel/errors';
import type { Logger } from '#kernel/log';
import type { Metrics } from '#kernel/metrics';
import { closeByDefault, type Gate, refuseForeignNames } from './gate.ts';
import { prepareDrain } from './drain.ts';
import { boundLoad } from './load.ts';
import { measure } from './measure.ts';
import { type DescribedAction, openApiInfo } from './openapi.ts';
import { methodsAt } from './route-book.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { compileSchema } from './validate.ts';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  Logger,
  TypeBoxTypeProvider
>;

/** A batch of 1,000 entities of a few kilobytes; larger loads go by import. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;
const HEADER_TIMEOUT_MS = 30_000;
/** A whole request: an import of gigabytes is received as fast as it is stored. */
const REQUEST_TIMEOUT_MS = 6 * 3_600_000;
/** Without a byte in either direction; event streams beat more often. */
const SILENCE_MS = 120_000;
/** Programs put their addresses together from parts; a slash too many at the end is not another thing. */
const MACHINE = /^\/(?:api|ngsi-ld)\//;
const withoutLastSlash = (url: string) => {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  return MACHINE.test(path) && path.endsWith('/')
    ? path.slice(0, -1) + url.slice(path.length)
    : url;
};
const URL_PARAMETER_CHARACTERS_MAX = 2048;

type Needs = {
  config: Config;
  log: Logger;
  metrics: Metrics;
  gate: Gate;
  /** What each action that a route may name is called, and who may do it. */
  actions: ReadonlyMap<string, DescribedAction>;
  version: string;
};

const sendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
  const problem = toProblem(error, request.id);
  if (problem.status >= 500) request.log.error({ err: error, reqId: request.id }, 'request failed');
  if (problem.status === 503 || problem.status === 429) reply.header('retry-after', '2');
  return reply.code(problem.status).type('application/problem+json').send(problem);
};

/** The HTTP side of the house, before any module has added its routes: validation, gate, errors, metrics, OpenAPI. */
export const openHttp = async ({
  config,
  log,
  metrics,
  gate,
  actions,
  version,
}: Needs): Promise<App> => {
  const app: App = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: SILENCE_MS,
    http: { headersTimeout: HEADER_TIMEOUT_MS },
    routerOptions: { maxParamLength: URL_PARAMETER_CHARACTERS_MAX },
    trustProxy: config.trustProxy.length > 0 ? [...config.trustProxy] : false,
    genReqId: () => crypto.randomUUID(),
    // Whoever still asks on an open connection while the house stops is answered, and told to close it.
    forceCloseConnections: false,
    return503OnClosing: false,
    rewriteUrl: ({ url = '/' }) => withoutLastSlash(url),
    // What cannot even be routed, such as an address with half a character.
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(compileSchema);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?');
    const allowed = methodsAt(app.listRoutes(), path);
    reply.type('application/problem+json');
    if (allowed.length === 0 || allowed.includes(request.method))
      return reply.code(404).send({
        type: 'urn:sanjiang:problem:not-found',
        title: `There is nothing at ${path}.`,
        status: 404,
      });
    return reply
      .code(405)
      .header('allow', allowed.join(', '))
      .send({
        type: 'urn:sanjiang:problem:method-not-allowed',
        title: `${request.method} is not for ${path}; ${allowed.join(', ')} are.`,
        status: 405,
      });
  });
  await app.register(swagger, openApiInfo(version, actions));
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await app.register(compress, {
    global: true,
    encodings: ['gzip', 'deflate'],
    threshold: 2048,
    zlibOptions: { level: 4 }, // a third of what level 6 costs, and as small for JSON
  });
  prepareDrain(app);
  boundLoad(app, BODY_BYTES_MAX);
  measure(app, metrics);
  addSecurityHeaders(app);
  if (config.auth === 'off') refuseForeignNames(app, config.publicUrl);
  closeByDefault(app, gate, actions);
  return app;
};
