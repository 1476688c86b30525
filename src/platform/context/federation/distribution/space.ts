/** Snapshots are kept in spaces of their own, which no source knows (clause 6.3.18). */
export const isSnapshotSpace = (tenant: string): boolean => tenant.startsWith('!');
