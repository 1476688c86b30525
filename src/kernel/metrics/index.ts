import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

type Named = { name: string; help: string; labels?: readonly string[] };

/** Prometheus instruments of one house; each name may be taken once. */
export const openMetrics = (collectRuntime: boolean) => {
  const registry = new Registry();
  if (collectRuntime) collectDefaultMetrics({ register: registry });
  return {
    counter: ({ name, help, labels = [] }: Named) =>
      new Counter({ name, help, labelNames: [...labels], registers: [registry] }),
    gauge: ({ name, help, labels = [] }: Named) =>
      new Gauge({ name, help, labelNames: [...labels], registers: [registry] }),
    histogram: ({ name, help, labels = [], buckets }: Named & { buckets: number[] }) =>
      new Histogram({ name, help, labelNames: [...labels], buckets, registers: [registry] }),
    /** The text format that Prometheus scrapes. */
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
};
export type Metrics = ReturnType<typeof openMetrics>;
