import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of a test's own, for what a house keeps beside its database. */
export const testFolder = (): string => mkdtempSync(join(tmpdir(), 'sanjiang-test-'));
