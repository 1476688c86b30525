import { Type } from 'typebox';
import type { App } from '#kernel/http';
import { READINGS_BYTES_MAX, STREAMED_READINGS_MAX } from './reading-routes.ts';
import { PAYLOAD_BYTES_MAX, READINGS_MAX } from './readings/payload.ts';
import { SANDBOX_HOURS, SANDBOX_PER_MINUTE_MAX } from './sandbox.ts';

const Conditions = Type.Object({
  mqttPort: Type.Optional(
    Type.Integer({ description: 'Port of the embedded broker; absent where there is none' }),
  ),
  messageBytesMax: Type.Integer({ description: 'One MQTT message, one line of a stream' }),
  readingsMax: Type.Integer({ description: 'Readings in one message or request' }),
  requestBytesMax: Type.Integer({ description: 'One request with readings of one device' }),
  streamedReadingsMax: Type.Integer({ description: 'Readings in one NDJSON or CSV stream' }),
  trialHours: Type.Integer(),
  trialsPerMinuteMax: Type.Integer({ description: 'Trial devices, of one address' }),
  bodyBytesMax: Type.Integer({ description: 'Any other request, such as an NGSI-LD batch' }),
});

/** What whoever connects a device needs to know before it speaks. */
export const addConditionsRoute = (app: App, mqttPort: number) => {
  app.get(
    '/conditions',
    {
      config: { action: 'sensing.see' },
      schema: {
        tags: ['sensing'],
        summary: 'Where the doors for devices are, and their limits',
        response: { 200: Conditions },
      },
    },
    async () => ({
      ...(mqttPort === 0 ? {} : { mqttPort }),
      messageBytesMax: PAYLOAD_BYTES_MAX,
      readingsMax: READINGS_MAX,
      requestBytesMax: READINGS_BYTES_MAX,
      streamedReadingsMax: STREAMED_READINGS_MAX,
      trialHours: SANDBOX_HOURS,
      trialsPerMinuteMax: SANDBOX_PER_MINUTE_MAX,
      bodyBytesMax: app.initialConfig.bodyLimit ?? 0,
    }),
  );
};
