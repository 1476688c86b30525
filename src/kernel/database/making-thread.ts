import { workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { postgis } from '@electric-sql/pglite-postgis';

// In a thread of its own: initdb keeps 800 MB and the event loop busy for 6 s.
const pg = await PGlite.create({ dataDir: workerData as string, extensions: { postgis } });
await pg.exec('CREATE EXTENSION postgis SCHEMA public');
await pg.exec('VACUUM ANALYZE');
await pg.exec('CHECKPOINT');
await pg.close();
