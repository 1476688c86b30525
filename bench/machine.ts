import { cpus, release, totalmem, type } from 'node:os';

const GIGABYTE = 1024 ** 3;

export const machine = (): string => {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${(totalmem() / GIGABYTE).toFixed(0)} GB, ${type()} ${release()}, Node ${process.versions.node}`;
};
