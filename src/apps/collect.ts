import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const AFTER_MS = 10_000;

/** Gives back what the start needed once, some 70 MB: the collector itself comes only when something is allocated. */
export const collectAfterStart = (): void => {
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
  }, AFTER_MS).unref();
};
