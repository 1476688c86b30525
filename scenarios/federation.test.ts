/**
 * Five platforms in a ring, each joined to the next, one of them slow and one dead: answers are complete as far as they
 * can be, say what is missing, come in time, and nothing goes round.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type Server as Front } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killServers, type Server, startServer } from './server.ts';

const NAMES = ['haishu', 'jiangbei', 'beilun', 'yinzhou', 'cixi'] as const;
type Name = (typeof NAMES)[number];
const PORT = 20_700;
const DOOR = '/ngsi-ld/v1';
/** Of one registration; each platform on the way waits for what lies behind the next. */
const TIMEOUT_MS = 4_000;
const SLOW_MS = 1_500;
/** Beyond this a person has gone. */
const ANSWER_MS_MAX = TIMEOUT_MS + 2_000;
const LIMIT_MS = 180_000;

const folders = NAMES.map((name) => mkdtempSync(join(tmpdir(), `sanjiang-${name}-`)));
const servers = new Map<Name, Server>();
const fronts: Front[] = [];
/** How many requests came to each, since it was last set to none. */
const asked = new Map<Name, number>();
const delayMs = new Map<Name, number>();

/** What stands before a platform: it counts, and it can make a neighbour wait. */
const openFront = async (name: Name, port: number): Promise<string> => {
  const front = createServer((from, reply) => {
    asked.set(name, (asked.get(name) ?? 0) + 1);
    const pass = () => {
      const to = request(
        { host: '127.0.0.1', port, path: from.url, method: from.method, headers: from.headers },
        (answer) => {
          reply.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(reply);
        },
      );
      to.on('error', () => reply.destroy());
      from.pipe(to);
    };
    setTimeout(pass, delayMs.get(name) ?? 0);
  });
  fronts.push(front);
  await new Promise<void>((done) => front.listen(port + 10, '127.0.0.1', done));
  return `http://127.0.0.1:${port + 10}`;
};

const ask = async (name: Name, method: string, path: string, body?: object) => {
  const server = servers.get(name)!;
  const startedAt = performance.now();
  const answer = await fetch(server.url + DOOR + path, {
    method,
    headers: body ? server.headers : { authorization: server.headers['authorization']! },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    json: text === '' ? undefined : JSON.parse(text),
    warning: answer.headers.get('ngsild-warning') ?? '',
    ms: performance.now() - startedAt,
  };
};

const idOf = (name: Name) => `urn:ngsi-ld:Streetlight:${name}:1`;
const BRIDGE = 'urn:ngsi-ld:Streetlight:bridge:1';
const property = (value: unknown) => ({ type: 'Property', value });

beforeAll(async () => {
  await Promise.all(
    NAMES.map(async (name, n) => {
      const env = { PORT: String(PORT + n), MQTT_PORT: '0', EGRESS_ALLOW: '127.0.0.1' };
      servers.set(name, await startServer(folders[n]!, env));
    }),
  );
  for (const [n, name] of NAMES.entries()) {
    const next = NAMES[(n + 1) % NAMES.length]!;
    const endpoint = await openFront(next, PORT + ((n + 1) % NAMES.length));
    const { json } = await ask(next, 'GET', '/info/sourceIdentity');
    const made = await ask(name, 'POST', '/csourceRegistrations', {
      id: `urn:ngsi-ld:ContextSourceRegistration:${next}`,
      type: 'ContextSourceRegistration',
      endpoint,
      contextSourceAlias: json.contextSourceAlias,
      operations: ['federationOps', 'redirectionOps'],
      contextSourceInfo: [
        { key: 'Authorization', value: servers.get(next)!.headers['authorization'] },
      ],
      management: { timeout: TIMEOUT_MS, cooldown: 1 },
      information: [{ entities: [{ type: 'Streetlight' }] }],
    });
    expect(made.status, JSON.stringify(made.json)).toBe(201);
    const own = { id: idOf(name), type: 'Streetlight', district: property(name) };
    expect((await ask(name, 'POST', '/entities?local=true', own)).status).toBe(201);
    const part = { id: BRIDGE, type: 'Streetlight', [`${name}Side`]: property(n) };
    expect((await ask(name, 'POST', '/entities?local=true', part)).status).toBe(201);
  }
}, LIMIT_MS);

afterAll(() => {
  for (const front of fronts) {
    front.closeAllConnections();
    front.close();
  }
  killServers();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const ALL = '/entities?type=Streetlight&options=simplified';
const idsIn = (json: readonly { id: string }[]) => json.map(({ id }) => id);
const sides = (entity: object) => Object.keys(entity).filter((name) => name.endsWith('Side'));

test(
  'whomever of the ring is asked has what all have, and asks nobody twice',
  async () => {
    for (const name of NAMES) {
      asked.clear();
      const { status, json, warning } = await ask(name, 'GET', ALL);
      expect(status).toBe(200);
      expect(idsIn(json)).toEqual([BRIDGE, ...NAMES.map(idOf)].toSorted());
      expect(sides(json.find(({ id }: { id: string }) => id === BRIDGE))).toHaveLength(5);
      expect(warning).toBe('');
      // Each but the one that was asked, once.
      expect(Object.fromEntries(asked)).toEqual(
        Object.fromEntries(NAMES.filter((other) => other !== name).map((other) => [other, 1])),
      );
    }
  },
  LIMIT_MS,
);

test(
  'what is written by one is told to all of the ring, once',
  async () => {
    asked.clear();
    const id = 'urn:ngsi-ld:Streetlight:new:1';
    const made = await ask('beilun', 'POST', '/entities', {
      id,
      type: 'Streetlight',
      height: property(8),
    });
    expect(made.status, JSON.stringify(made.json)).toBe(201);
    expect([...asked.values()]).toEqual([1, 1, 1, 1]);
    for (const name of NAMES)
      expect((await ask(name, 'GET', `/entities/${id}?local=true`)).status, name).toBe(200);
    expect((await ask('cixi', 'DELETE', `/entities/${id}`)).status).toBe(204);
    for (const name of NAMES)
      expect((await ask(name, 'GET', `/entities/${id}?local=true`)).status, name).toBe(404);
  },
  LIMIT_MS,
);

test(
  'one that is slow is waited for, as long as its registration says',
  async () => {
    delayMs.set('beilun', SLOW_MS);
    const slow = await ask('haishu', 'GET', ALL);
    expect(idsIn(slow.json)).toHaveLength(6);
    expect(slow.ms).toBeLessThan(ANSWER_MS_MAX);
    delayMs.set('beilun', TIMEOUT_MS * 2);
    const late = await ask('jiangbei', 'GET', ALL);
    expect(idsIn(late.json)).toEqual([BRIDGE, idOf('jiangbei')].toSorted());
    expect(late.warning).toMatch(/^199 /);
    expect(late.warning).toContain('beilun');
    expect(late.ms).toBeLessThan(ANSWER_MS_MAX);
    delayMs.clear();
  },
  LIMIT_MS,
);

test(
  'one that is dead takes what lies behind it along, and the answer says so',
  async () => {
    await servers.get('yinzhou')!.kill();
    const { status, json, warning, ms } = await ask('haishu', 'GET', ALL);
    expect(status).toBe(200);
    expect(idsIn(json)).toEqual(
      [BRIDGE, ...(['haishu', 'jiangbei', 'beilun'] as const).map(idOf)].toSorted(),
    );
    // The one that noticed told those before it.
    expect(warning).toMatch(/199 /);
    expect(warning).toContain('yinzhou');
    expect(ms).toBeLessThan(ANSWER_MS_MAX);
    const one = await ask('haishu', 'GET', `/entities/${idOf('haishu')}?options=simplified`);
    expect(one.json).toMatchObject({ district: 'haishu' });
  },
  LIMIT_MS,
);
