/** One measured figure; `ratio` is it by what `against` reached in the same run. */
export type Row = {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly against?: string;
  readonly ratio?: number;
};
export type Bench = (report: (row: Row) => void) => Promise<void>;
