import type { App } from '#kernel/http';
import { AisStatus } from './contract.ts';
import type { Transport } from './index.ts';

export const addRoutes = (app: App, transport: Transport) => {
  app.get(
    '/ais',
    {
      config: { action: 'transport.ais.read' },
      schema: {
        summary: 'What the AIS gateway has heard',
        tags: ['transport'],
        response: { 200: AisStatus },
      },
    },
    async () => transport.aisStatus(),
  );
};
