/** Figures that the engine's thread writes and the host reads without asking, even while the engine is busy. */

const SYNC_TIMES_KEPT = 512;
const BUSY_SINCE = 0;
const FSYNCS = 1;
const MEMORY = 2;
const HEAD = 3;

export type Meter = ReturnType<typeof openMeter>;

export const meterBytes = (): SharedArrayBuffer =>
  new SharedArrayBuffer(8 * (HEAD + SYNC_TIMES_KEPT));

/** The monotonic clock is one for all threads of a process. */
const nowNs = (): bigint => process.hrtime.bigint();

export const openMeter = (bytes: SharedArrayBuffer) => {
  const whole = new BigInt64Array(bytes);
  return {
    busy(): void {
      Atomics.store(whole, BUSY_SINCE, nowNs());
    },
    free(memoryBytes: number): void {
      Atomics.store(whole, BUSY_SINCE, 0n);
      Atomics.store(whole, MEMORY, BigInt(memoryBytes));
    },
    synced(ns: bigint): void {
      const n = Number(Atomics.add(whole, FSYNCS, 1n)) % SYNC_TIMES_KEPT;
      Atomics.store(whole, HEAD + n, ns);
    },
    /** How long the statement now running has taken; 0 where none runs. */
    busyMs(): number {
      const since = Atomics.load(whole, BUSY_SINCE);
      return since === 0n ? 0 : Number(nowNs() - since) / 1e6;
    },
    fsyncs: (): number => Number(Atomics.load(whole, FSYNCS)),
    memoryBytes: (): number => Number(Atomics.load(whole, MEMORY)),
    fsyncMsP50(): number {
      const kept = Math.min(Number(Atomics.load(whole, FSYNCS)), SYNC_TIMES_KEPT);
      const times = [...whole.subarray(HEAD, HEAD + kept)].map(Number).toSorted((a, b) => a - b);
      return (times[Math.floor(times.length / 2)] ?? 0) / 1e6;
    },
  };
};
