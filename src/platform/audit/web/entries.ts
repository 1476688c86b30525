/** A head as `GET /api/audit/state` tells of it. */
export type Head = {
  readonly size: number;
  readonly root: string;
  readonly at: string;
  readonly key: string;
  readonly note: string;
};

export type LogState = {
  readonly size: number;
  readonly head: Head | null;
  readonly pending: number;
  readonly oldestPendingAt: string | null;
  readonly keys: readonly { readonly id: string; readonly verifier: string }[];
};

/** An entry as `GET /api/audit/entries` tells of it. */
export type Entry = {
  readonly id: number;
  readonly index: number | null;
  readonly at: string;
  readonly action: string;
  readonly outcome: string;
  readonly actor: {
    readonly kind: string;
    readonly id: string | null;
    readonly name: string | null;
  };
  readonly subject: { readonly kind: string; readonly id: string | null };
  readonly onBehalfOf: { readonly id: string; readonly name: string } | null;
  readonly client: string | null;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly purpose: string | null;
  readonly request: string | null;
  readonly changed: boolean;
};

/** One entry with what proves it. */
export type EntryProved = Entry & {
  readonly content: string;
  readonly salt: string | null;
  readonly personal: string | null;
  readonly hash: string | null;
  readonly head: Head | null;
  readonly proof: readonly string[];
};

/** A look at one's own data, as `GET /api/audit/receipts` tells of it. */
export type Receipt = {
  readonly id: number;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly name: string };
  readonly bodies: readonly string[];
  readonly action: string;
  readonly fields: readonly string[];
  readonly purpose: string | null;
};
