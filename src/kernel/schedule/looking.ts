type Look = {
  /** Reads what is written down, and takes it up where it has changed. */
  readonly read: () => Promise<void>;
  readonly everyMs: number;
  /** Told when a look that nobody waits for did not succeed; the next one comes all the same. */
  readonly failed: (error: unknown) => void;
};

/** Looks again and again at what other processes may have changed, so that this one goes by it too. */
export const openLooking = ({ read, everyMs, failed }: Look) => {
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  /** One after the other, so that what was read first is not believed last. Throws what reading throws. */
  const look = (): Promise<void> => (looking = looking.catch(() => undefined).then(read));
  const lookAgain = () => {
    timer = setTimeout(() => {
      void look()
        .catch(failed)
        .then(() => ended || lookAgain());
    }, everyMs).unref();
  };

  return {
    look,
    /** The first look, whose failure is the caller's to tell, and then the others. */
    start: async (): Promise<void> => {
      await look();
      lookAgain();
    },
    stop: (): void => {
      ended = true;
      clearTimeout(timer);
    },
  };
};
