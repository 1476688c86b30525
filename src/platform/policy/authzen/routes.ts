import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '#kernel/http';
import {
  ActionSearch,
  Decided,
  DecidedMany,
  Evaluation,
  Evaluations,
  FoundActions,
  FoundThings,
  Metadata,
  ResourceSearch,
  SubjectSearch,
} from './contract.ts';
import { type DecisionPoint, decideMany, search } from './decisions.ts';
import { Type } from 'typebox';

const TAGS = ['policy'];
const DECIDE = { action: 'policy.decide' };
const REQUEST_ID_CHARACTERS_MAX = 200;

/** Section 10.1.3: the caller's name for its request comes back with the answer. */
const echoRequestId = async (request: FastifyRequest, reply: FastifyReply) => {
  const id = request.headers['x-request-id'];
  if (typeof id === 'string' && id.length <= REQUEST_ID_CHARACTERS_MAX)
    void reply.header('x-request-id', id);
};

/** OpenID AuthZEN Authorization API 1.0, the HTTPS binding (section 10.1), under /access/v1. */
export const addAuthzen = (app: App, point: DecisionPoint) => {
  app.addHook('onRequest', echoRequestId);

  // 6 / 10.1.1
  app.post(
    '/evaluation',
    { config: DECIDE, schema: { tags: TAGS, body: Evaluation, response: { 200: Decided } } },
    async ({ body }) => point.decide(body),
  );

  // 7 / 10.1.1
  app.post(
    '/evaluations',
    {
      config: DECIDE,
      schema: {
        tags: TAGS,
        body: Evaluations,
        response: { 200: Type.Union([DecidedMany, Decided]) },
      },
    },
    async ({ body }) => decideMany(point, body),
  );

  // 8.4
  app.post(
    '/search/subject',
    { config: DECIDE, schema: { tags: TAGS, body: SubjectSearch, response: { 200: FoundThings } } },
    async ({ body: { subject, page, ...rest } }) => {
      const { ids, next } = await search(
        (afterId, limit) => point.listSubjects(subject.type, afterId, limit),
        (id) => ({ ...rest, subject: { ...subject, id } }),
        point,
        page,
      );
      const results = ids.map((id) => ({ type: subject.type, id }));
      return { results, page: { next_token: next } };
    },
  );

  // 8.5
  app.post(
    '/search/resource',
    {
      config: DECIDE,
      schema: { tags: TAGS, body: ResourceSearch, response: { 200: FoundThings } },
    },
    async ({ body: { resource, page, ...rest } }) => {
      const { ids, next } = await search(
        (afterId, limit) => point.listResources(resource.type, afterId, limit),
        (id) => ({ ...rest, resource: { ...resource, id } }),
        point,
        page,
      );
      const results = ids.map((id) => ({ type: resource.type, id }));
      return { results, page: { next_token: next } };
    },
  );

  // 8.6
  app.post(
    '/search/action',
    { config: DECIDE, schema: { tags: TAGS, body: ActionSearch, response: { 200: FoundActions } } },
    async ({ body: { page, ...rest } }) => {
      const names = point.listActions(rest.resource.type);
      const { ids, next } = await search(
        async (afterId, limit) => {
          const from = afterId === '' ? 0 : names.indexOf(afterId) + 1;
          return names.slice(from, from + limit);
        },
        (name) => ({ ...rest, action: { name } }),
        point,
        page,
      );
      return { results: ids.map((name) => ({ name })), page: { next_token: next } };
    },
  );
};

/** Section 9: where the endpoints are. */
export const addAuthzenMetadata = (app: App, publicUrl: string | undefined) => {
  app.get(
    '/authzen-configuration',
    {
      config: { action: 'policy.see-own-rights' },
      schema: { tags: TAGS, response: { 200: Metadata } },
    },
    async ({ protocol, host }) => {
      const point = publicUrl?.replace(/\/$/, '') ?? `${protocol}://${host}`;
      return {
        policy_decision_point: point,
        access_evaluation_endpoint: `${point}/access/v1/evaluation`,
        access_evaluations_endpoint: `${point}/access/v1/evaluations`,
        search_subject_endpoint: `${point}/access/v1/search/subject`,
        search_resource_endpoint: `${point}/access/v1/search/resource`,
        search_action_endpoint: `${point}/access/v1/search/action`,
      };
    },
  );
};
