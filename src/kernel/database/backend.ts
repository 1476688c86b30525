import type { DatabaseStatus, Engine, Pool } from './index.ts';

/** What an engine gives; all above it is the same for both. */
export type Backend = {
  engine: Engine;
  /** Begins a sentence: "PostgreSQL at host:5432/city". */
  place: string;
  pool: Pool;
  /** Whether statements may be prepared by name; not behind a transaction pooler. */
  named: boolean;
  /** Settings to repeat in each transaction, where the session cannot keep them. */
  locals: string;
  /** Lets statements run this long until given back; only the embedded engine needs to know. */
  allow(ms: number): () => void;
  facts(): Partial<DatabaseStatus>;
  close(): Promise<void>;
};
