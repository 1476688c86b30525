import type { Logger } from '#kernel/log';

/** What a module finishes when it stops is short; what hangs must not keep the others from stopping. */
const STEP_MS_MAX = 10_000;

type Step = {
  readonly name: string;
  readonly close: () => Promise<unknown>;
  readonly limitMs?: number;
};

/** Takes every step in turn, whatever became of those before it. Throws AggregateError at the end where some failed. */
export const closeAll = async (steps: readonly Step[], log: Logger): Promise<void> => {
  const errors: unknown[] = [];
  for (const { name, close, limitMs = STEP_MS_MAX } of steps) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${name} took longer than ${limitMs} ms`)),
        limitMs,
      );
    });
    try {
      await Promise.race([close(), late]);
    } catch (error) {
      log.error({ err: error, step: name }, 'could not be stopped properly');
      errors.push(error);
    } finally {
      clearTimeout(timer);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'The house did not stop properly.');
};
