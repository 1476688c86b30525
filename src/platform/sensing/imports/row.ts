/** One reading of a file: whose it is, and what it says; or why it cannot be read. */
export type Row =
  | {
      readonly line: number;
      readonly device: string;
      readonly payload: Readonly<Record<string, unknown>>;
    }
  | { readonly line: number; readonly fault: string };
