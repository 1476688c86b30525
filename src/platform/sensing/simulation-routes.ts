import { Type } from 'typebox';
import type { App } from '#kernel/http';
import { DEMO_RATE_MAX, type Demonstration } from './demonstration.ts';

const State = Type.Object({
  rate: Type.Number({ description: 'Readings a second; 0 is off' }),
  devices: Type.Integer(),
  sent: Type.Integer({ description: 'Acknowledged readings since the start of this process' }),
});
const tags = ['sensing'];

/** The demonstration of this process: how fast it is, and how fast it shall be until the next start. */
export const addSimulationRoutes = (app: App, demonstration: Demonstration) => {
  app.get(
    '/simulation',
    {
      config: { action: 'sensing.see' },
      schema: { tags, summary: 'The demonstration devices', response: { 200: State } },
    },
    async () => demonstration.state(),
  );
  app.put(
    '/simulation',
    {
      config: { action: 'sensing.simulate' },
      schema: {
        tags,
        summary:
          'How many readings a second the demonstration devices send; 0 stops them. DEMO rules again after a restart',
        body: Type.Object(
          { rate: Type.Number({ minimum: 0, maximum: DEMO_RATE_MAX }) },
          { additionalProperties: false },
        ),
        response: { 200: State },
      },
    },
    async ({ body }) => {
      await demonstration.setRate(body.rate);
      return demonstration.state();
    },
  );
};
