/** Where the first fault is. `entry` is the place in the tree; `entries` where only the root between two heads tells. */
export type Fault = {
  readonly line: number;
  readonly at:
    | { readonly entry: number }
    | { readonly entries: readonly [from: number, to: number] }
    | { readonly head: number }
    | 'file';
  readonly why: string;
};

/** Ends the check. */
export class Faulty extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.why);
    this.fault = fault;
  }
}
