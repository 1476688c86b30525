/**
 * An IoT agent as its library's own manual has it: devices in memory, NGSI-LD to the broker, and a south side that is told of
 * measures by its parent. Runs as a process of its own, and no code of ours is linked with it.
 */
import { createRequire } from 'node:module';

type Device = { readonly id: string; readonly name: string; readonly type: string };
type Done = (error: unknown, result?: unknown) => void;
type Attribute = { readonly name: string; readonly type: string; readonly value: unknown };
type Agent = {
  readonly logModule: { setLevel: (level: string) => void };
  readonly activate: (config: object, done: Done) => void;
  readonly getDevice: (
    id: string,
    apikey: string,
    service: string,
    path: string,
    done: Done,
  ) => void;
  readonly update: (
    name: string,
    type: string,
    apikey: string,
    values: Attribute[],
    device: Device,
    done: Done,
  ) => void;
  readonly setCommandHandler: (
    handle: (
      id: string,
      type: string,
      service: string,
      path: string,
      list: Attribute[],
      done: Done,
    ) => void,
  ) => void;
  readonly setDataQueryHandler: (
    handle: (
      id: string,
      type: string,
      service: string,
      path: string,
      names: string[],
      done: Done,
    ) => void,
  ) => void;
};
type Measure = {
  readonly device: string;
  readonly service: string;
  readonly path: string;
  readonly values: Attribute[];
};

const require = createRequire(import.meta.url);
const agent = require('iotagent-node-lib') as Agent;
const tell = (message: object) => process.send!(message);
const settings = JSON.parse(process.argv[2]!) as object;

process.on('message', ({ device: id, service, path, values }: Measure) => {
  agent.getDevice(id, '', service, path, (missing, found) => {
    if (missing) return tell({ measured: id, error: String(missing) });
    const device = found as Device;
    agent.update(device.name, device.type, '', values, device, (error) =>
      tell({ measured: id, ...(error ? { error: JSON.stringify(error) } : {}) }),
    );
  });
});

agent.logModule.setLevel('FATAL');
agent.activate(settings, (error) => {
  if (error) throw error;
  agent.setCommandHandler((id, type, _service, _path, commands, done) => {
    tell({ commanded: id, commands: commands.map(({ name, value }) => ({ name, value })) });
    done(null, { id, type, attributes: commands });
  });
  agent.setDataQueryHandler((id, type, _service, _path, names, done) => {
    tell({ asked: id, names });
    done(null, {
      id,
      type,
      ...Object.fromEntries(names.map((n) => [n, { type: 'Number', value: 42 }])),
    });
  });
  tell({ ready: true });
});
