import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from '#kernel/http';

const DIST = new URL('../../dist/', import.meta.url).pathname;
const YEAR_MS = 31_536_000_000;

/** Paths that belong to machines: a wrong one is answered with a problem, not with a page. */
const MACHINE = /^\/(?:api|ngsi-ld|assets)\//;

/**
 * The three faces, as files. A file's name holds a hash of its content, so it may be kept for a year; the one page
 * that names them may not. Any other path is the page's own and answered with it.
 */
export const addPages = async (app: App) => {
  if (!existsSync(join(DIST, 'index.html'))) return;
  const page = await readFile(join(DIST, 'index.html'));
  await app.register(async (own: App) => {
    own.addHook('onRoute', (route) => {
      route.config = { ...route.config, action: 'house.describe' };
    });
    await own.register(fastifyStatic, {
      root: join(DIST, 'assets'),
      prefix: '/assets/',
      maxAge: YEAR_MS,
      immutable: true,
      schemaHide: true,
      decorateReply: false,
    });
    own.get('/*', { schema: { hide: true } }, async (request, reply) => {
      if (MACHINE.test(request.url)) return reply.callNotFound();
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
    });
  });
};
