const BAR_WIDTH = 24;
const SHOW_EVERY_MS = 100;

const percent = (done: number, total: number) => Math.min(1, total === 0 ? 1 : done / total);

/** A line on standard error that keeps telling how far it is; on a pipe only the last word is said. */
export const openProgress = (what: string) => {
  const isTerminal = process.stderr.isTTY === true;
  const began = performance.now();
  let shown = 0;
  const line = (text: string) => process.stderr.write(`\r\u001b[2K${text}`);
  return {
    show: (done: number, total?: number, note = '') => {
      if (!isTerminal || performance.now() - shown < SHOW_EVERY_MS) return;
      shown = performance.now();
      const share = total === undefined ? undefined : percent(done, total);
      const bar =
        share === undefined
          ? ''
          : `[${'█'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '·')}] `;
      line(
        `${what} ${bar}${done.toLocaleString('en')}${total === undefined ? '' : ` / ${total.toLocaleString('en')}`} ${note}`,
      );
    },
    end: (text: string) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      if (isTerminal) line('');
      process.stderr.write(`${what}: ${text} (${seconds} s)\n`);
    },
  };
};
