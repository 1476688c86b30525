import type { Words } from './module.ts';

/** How far an import is. `checkpoint` is what `run` needs to go on from here; it is stored with each report. */
export type ImportProgress = {
  readonly done: number;
  readonly total?: number;
  readonly refused: number;
  readonly checkpoint: number;
  /** The first few refused items, each with its reason, for the person who imports. */
  readonly faults?: readonly string[];
};

/**
 * Takes a file of a foreign format into the house. `run` reads from `source` (the whole file, always from its start),
 * skips what lies before `checkpoint`, and reports after each committed batch, so that an interrupted import resumes.
 */
export type Importer = {
  readonly id: string;
  readonly title: Words;
  readonly run: (
    source: AsyncIterable<Uint8Array>,
    options: { readonly checkpoint: number; readonly args: Readonly<Record<string, string>> },
  ) => AsyncIterable<ImportProgress>;
};
