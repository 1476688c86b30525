import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { DeviceId, DeviceWithSecret, Place } from './contract.ts';
import type { Gateway } from './gateway.ts';
import { readCsv } from './imports/csv.ts';
import { readNdjson } from './imports/ndjson.ts';
import { takeRows } from './imports/take-rows.ts';
import { READINGS_MAX } from './readings/payload.ts';
import { mustBeItself } from './routes.ts';
import { SANDBOX_HOURS, SANDBOX_PER_MINUTE_MAX } from './sandbox.ts';

/** 1,000 readings of a kilobyte. */
export const READINGS_BYTES_MAX = 1024 * 1024;
/** A request ends after 30 seconds; larger files go by `import`, which resumes. */
export const STREAMED_READINGS_MAX = 100_000;
const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';
const tags = ['sensing'];

/** The HTTP door for readings: of one device, of many in a stream, and for a newcomer's first. */
export const addReadingRoutes = (app: App, gateway: Gateway) => {
  const Reading = Type.Record(Type.String(), Type.Unknown());

  app.post(
    '/devices/:id/readings',
    {
      config: { action: 'sensing.submit' },
      bodyLimit: READINGS_BYTES_MAX,
      schema: {
        tags,
        summary: 'Readings of a device; answered after they are on disk',
        description:
          'Without a mapping: {"temperature": 21.5, "observedAt": "2026-01-31T08:00:00Z", "location": [121.55, 29.87]}. ' +
          'A reading with a time of its own, or a number "mid", may be sent again without being kept twice.',
        params: Type.Object({ id: DeviceId }),
        body: Type.Union([Reading, Type.Array(Reading, { minItems: 1, maxItems: READINGS_MAX })]),
        response: { 201: Type.Object({ taken: Type.Integer() }) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      mustBeItself(request.actor, id);
      const payloads = Array.isArray(request.body) ? request.body : [request.body];
      await gateway.take(id, payloads);
      return reply.code(201).send({ taken: payloads.length });
    },
  );

  app.post(
    '/sandbox-devices',
    {
      config: {
        action: 'sensing.try',
        rateLimit: { max: SANDBOX_PER_MINUTE_MAX, timeWindow: '1 minute' },
      },
      schema: {
        tags,
        summary: `A device of one's own to try, for ${SANDBOX_HOURS} hours`,
        body: Type.Optional(
          Type.Union([
            Type.Null(),
            Type.Object(
              {
                name: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
                location: Type.Optional(Place),
              },
              { additionalProperties: false },
            ),
          ]),
        ),
        response: {
          201: Type.Intersect([
            DeviceWithSecret,
            Type.Object({ curl: Type.String({ description: 'A first reading, ready to be run' }) }),
          ]),
        },
      },
    },
    async (request, reply) => {
      const address = gateway.kernel.config.publicUrl ?? `${request.protocol}://${request.host}`;
      return reply.code(201).send(await gateway.sandbox.add(request.body ?? {}, address));
    },
  );

  // Streams are read as they come and need their own parsers, which must not serve the other routes.
  void app.register(async (own: App) => {
    own.addContentTypeParser([NDJSON, CSV], (_request, payload, done) => done(null, payload));
    own.post(
      '/readings',
      {
        config: { action: 'sensing.import' },
        schema: {
          tags,
          summary: 'Readings of many devices as NDJSON or CSV',
          description:
            'NDJSON: one object a line, with "device" beside its payload. CSV: a header with the column device; other columns are the payload. ' +
            `At most ${STREAMED_READINGS_MAX} readings; each is committed or named among the faults.`,
          consumes: [NDJSON, CSV],
          response: {
            201: Type.Object({
              taken: Type.Integer(),
              refused: Type.Integer(),
              faults: Type.Array(Type.String()),
            }),
          },
        },
      },
      async (request, reply) => {
        const source = request.body as AsyncIterable<Uint8Array> | undefined;
        const type = request.headers['content-type']?.split(';')[0]?.trim();
        if (!source || (type !== NDJSON && type !== CSV))
          throw new Refusal('unsupported-media', `Readings come as ${NDJSON} or ${CSV}.`);
        const rows = type === CSV ? readCsv(source) : readNdjson(source);
        let last = { done: 0, refused: 0, faults: [] as readonly string[] };
        const options = { checkpoint: 0, rowsMax: STREAMED_READINGS_MAX };
        for await (const progress of takeRows(gateway, rows, options))
          last = { ...progress, faults: progress.faults ?? [] };
        return reply.code(201).send({
          taken: last.done - last.refused,
          refused: last.refused,
          faults: [...last.faults],
        });
      },
    );
  });
};
