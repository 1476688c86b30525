import { Type } from 'typebox';
import { pipeline, type Readable } from 'node:stream';
import type { Database } from '#kernel/database';
import { Refusal, toProblem } from '#kernel/errors';
import type { App } from '#kernel/http';
import type { Importer, ImportProgress } from '#kernel/module';
import { type Audit, byOf } from '#platform/audit';
import { withinBytes } from './within-bytes.ts';

const IMPORT = { action: 'house.import' };
const IMPORT_BYTES_MAX = 4 * 1024 * 1024 * 1024;
const ARG = 'arg.';

const Asked = Type.Object(
  {
    content: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'SHA-256 of the file: by it an interrupted import goes on',
    }),
    again: Type.Optional(Type.Literal('true')),
  },
  { additionalProperties: Type.String() },
);

type Kept = { checkpoint: number; done: number; refused: number; finished: boolean };

/** What was reported last, under the importer and the file's digest; a restart of the whole forgets it. */
const openLedger = (database: Database, importer: string, content: string) => ({
  find: async (): Promise<Kept | undefined> => {
    const [row] = await database.query<Kept>(
      'select checkpoint, done, refused, finished from kernel.imports where importer = $1 and content = $2',
      [importer, content],
    );
    return row;
  },
  keep: (p: ImportProgress, finished: boolean) =>
    database.query(
      `insert into kernel.imports (importer, content, checkpoint, done, refused, finished) values ($1, $2, $3, $4, $5, $6)
       on conflict (importer, content) do update set checkpoint = excluded.checkpoint, done = excluded.done,
         refused = excluded.refused, finished = excluded.finished, at = now()`,
      [importer, content, p.checkpoint, p.done, p.refused, finished],
    ),
});

const START: ImportProgress = { done: 0, refused: 0, checkpoint: 0 };

/** Takes files in by the modules' importers, telling after each committed batch how far it is: one line of JSON each. */
export const addImports = (
  app: App,
  database: Database,
  importers: readonly Importer[],
  audit: Pick<Audit, 'recordAlone'>,
  bytesMax = IMPORT_BYTES_MAX,
) => {
  app.get('/api/house/importers', { config: { action: 'house.describe' } }, async () => ({
    importers: importers.map(({ id, title }) => ({ id, title })),
  }));

  app.register(async (own: App) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

    own.post(
      '/api/house/imports/:importer',
      {
        config: IMPORT,
        bodyLimit: bytesMax,
        schema: { params: Type.Object({ importer: Type.String() }), querystring: Asked },
      },
      async (request, reply) => {
        const importer = importers.find((i) => i.id === request.params.importer);
        if (!importer)
          throw new Refusal('not-found', `There is no importer ${request.params.importer}.`);
        const { content, again, ...rest } = request.query as Record<string, string> & {
          content: string;
        };
        const args = Object.fromEntries(
          Object.entries(rest)
            .filter(([k]) => k.startsWith(ARG))
            .map(([k, v]) => [k.slice(ARG.length), v]),
        );
        const ledger = openLedger(
          database,
          importer.id,
          [content, ...Object.entries(args).flat()].join(' '),
        );
        const kept = again ? undefined : await ledger.find();
        if (Number(request.headers['content-length'] ?? 0) > bytesMax)
          throw new Refusal('too-large', `A file may have ${bytesMax} bytes.`);
        // Fastify bounds what it reads itself, not what it hands on as a stream.
        const note = (outcome: 'done' | 'failed', { done, refused }: ImportProgress) =>
          audit.recordAlone({
            ...byOf(request),
            action: 'house.file-taken-in',
            subject: { kind: 'file', id: content },
            outcome,
            facts: { importer: importer.id, done, refused },
          });
        const body = pipeline(request.body as Readable, withinBytes(bytesMax), () => undefined);
        const { raw } = reply.hijack();
        raw.writeHead(200, { 'content-type': 'application/x-ndjson' });
        const tell = (line: object) => raw.write(`${JSON.stringify(line)}\n`);
        if (kept?.finished) {
          tell({ done: kept.done, refused: kept.refused, already: true });
          raw.end();
          return;
        }
        let last: ImportProgress = kept ?? START;
        try {
          for await (const progress of importer.run(body, {
            checkpoint: last.checkpoint,
            args,
          })) {
            last = progress;
            await ledger.keep(progress, false);
            tell(progress);
          }
          await ledger.keep(last, true);
          await note('done', last);
          tell({ ...last, finished: true });
        } catch (error) {
          request.log.warn({ err: error, importer: importer.id }, 'import ended early');
          await note('failed', last).catch((why: unknown) =>
            request.log.error({ err: why }, 'the failed import is not in the audit log'),
          );
          tell({ ...last, error: toProblem(error, request.id).title });
        }
        raw.end();
      },
    );
  });
};
