/** A receiver that also makes the changes it is told of, in a thread of its own: the load generator's stalls are not ours. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** What the bench asks for, and what it is answered. */
export type Asked = { readonly change: string } | { readonly rest: true };
export type Seen = { readonly count: number; readonly times: readonly number[] };
export type Watched = { readonly id: string; readonly everyMs: number; readonly lateMs: number };

const { id, everyMs, lateMs } = workerData as Watched;
const seen = { count: 0, times: [] as number[] };

const server = createServer(async (request, reply) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const now = Date.now();
  reply.writeHead(200).end();
  seen.count += 1;
  const [told] = (JSON.parse(text) as { data: { id: string; sent?: { value: number } }[] }).data;
  if (told?.id === id && told.sent) seen.times.push(now - told.sent.value);
});

/** Changes the watched entity every so often until told to rest. */
const change = async (door: string, signal: AbortSignal) => {
  while (!signal.aborted) {
    const answer = await fetch(`${door}/entities/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sent: Date.now() }),
    });
    await answer.arrayBuffer();
    if (answer.status >= 300) throw new Error(`The watched entity: ${answer.status}`);
    await pause(everyMs);
  }
};

let resting = new AbortController();
let changing: Promise<void> | undefined;

parentPort!.on('message', async (asked: Asked) => {
  if ('change' in asked) {
    resting = new AbortController();
    changing = change(asked.change, resting.signal);
    return;
  }
  resting.abort();
  await changing;
  await pause(lateMs);
  parentPort!.postMessage({ ...seen } satisfies Seen, []);
  seen.count = 0;
  seen.times = [];
});

server.listen(0, '127.0.0.1', () =>
  parentPort!.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, []),
);
