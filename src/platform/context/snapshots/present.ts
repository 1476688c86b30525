import type { Snapshot } from './snapshots.ts';

/** A snapshot as its clients see it (clause 5.2.41). */
export const snapshotOut = (snapshot: Snapshot): Record<string, unknown> => ({
  id: snapshot.id,
  type: 'Snapshot',
  ...snapshot.document,
  snapshotPriority: snapshot.priority,
  snapshotStatus: snapshot.status,
  ...snapshot.details,
  createdAt: snapshot.createdAt,
  modifiedAt: snapshot.modifiedAt,
  expiresAt: snapshot.expiresAt,
  lastUsedAt: snapshot.lastUsedAt,
});
