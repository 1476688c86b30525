import type { Database } from '#kernel/database';
import type { Egress } from '#kernel/egress';
import type { Logger } from '#kernel/log';
import type { Clock } from '#kernel/time';
import type { Contexts } from '../../jsonld/contexts.ts';
import type { EntityWriter } from '../../operations.ts';
import type { Reader } from '../../query/reader.ts';
import type { OpenRegistry } from '../registrations/registry.ts';
import { findSubject } from '../../temporal/subjects.ts';
import type { Evolutions } from '../../temporal/evolutions.ts';
import { openDiscovery } from './discover.ts';
import { openPastElsewhere } from './evolutions.ts';
import { openHealthBook } from './health-book.ts';
import { openMatching } from './match.ts';
import { openDistributedPast } from './past.ts';
import { openDistributedReader } from './read.ts';
import { openSend } from './send.ts';
import { openDistributedEvolutions } from './write-evolutions.ts';
import { openDistributedWriter } from './write.ts';

type Needs = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly egress: Egress;
  readonly contexts: Contexts;
  readonly registry: OpenRegistry;
  readonly reader: Reader;
  readonly writer: EntityWriter;
  readonly evolutions: Evolutions;
};

/** Reads and writes as of one platform, wherever what is asked for is held (clause 4.3.6). */
export const openDistribution = ({ database, clock, log, egress, contexts, ...needs }: Needs) => {
  const book = openHealthBook(database, clock, log);
  const send = openSend(egress, book);
  const matching = openMatching(needs.registry, clock);
  const more = { matching, send, contexts, clock };
  return {
    reader: openDistributedReader(needs.reader, more),
    writer: openDistributedWriter(needs.writer, { ...more, reader: needs.reader }),
    discovery: openDiscovery(database, more),
    past: openDistributedPast(database, openPastElsewhere(more)),
    evolutions: openDistributedEvolutions(needs.evolutions, {
      ...more,
      findSubject: (id, tenant) => findSubject(database, id, tenant),
    }),
    stop: book.close,
  };
};
