import { useMemo } from 'react';
import { Age, type Column } from '#platform/ui/web';
import { Offers, SourceState, useOfferText } from './source-tags.tsx';
import { calledOf, type Source } from './sources.ts';
import { federationWords } from './words.ts';

/** Worst first, when sorted by state. */
const URGENCY = { failed: 0, unasked: 1, ok: 2 } as const;

/** The columns of the list of joined platforms. */
export function useSourceColumns(): readonly Column<Source>[] {
  const say = federationWords.useText();
  const textOf = useOfferText();
  return useMemo(() => {
    const time = (at: string | null) => (at ? new Date(at) : undefined);
    return [
      {
        key: 'source',
        title: say('source'),
        value: calledOf,
        sortable: true,
        render: (source) => <span className="sj-federation-long">{calledOf(source)}</span>,
      },
      {
        key: 'endpoint',
        title: say('endpoint'),
        value: (source) => source.endpoint,
        sortable: true,
        render: (source) => (
          <span className="sj-federation-long sj-federation-wide">{source.endpoint}</span>
        ),
      },
      { key: 'mode', title: say('mode'), value: (source) => say(source.mode), sortable: true },
      {
        key: 'offers',
        title: say('offers'),
        value: (source) => source.offers.map(textOf).join('; '),
        render: (source) => <Offers offers={source.offers} />,
      },
      {
        key: 'state',
        title: say('state'),
        value: (source) => `${URGENCY[source.state]} ${say(source.state)}`,
        sortable: true,
        render: (source) => <SourceState state={source.state} />,
      },
      { key: 'sent', title: say('sent'), value: (s) => s.timesSent, sortable: true, digits: 0 },
      { key: 'fails', title: say('fails'), value: (s) => s.timesFailed, sortable: true, digits: 0 },
      { key: 'slow', title: say('timeouts'), value: (s) => s.timedOut, sortable: true, digits: 0 },
      {
        key: 'success',
        title: say('lastSuccess'),
        value: (source) => time(source.lastSuccess),
        sortable: true,
        render: (source) => <Age at={source.lastSuccess ?? undefined} />,
      },
      {
        key: 'failure',
        title: say('lastFailure'),
        value: (source) => time(source.lastFailure),
        sortable: true,
        render: (source) => <Age at={source.lastFailure ?? undefined} />,
      },
    ];
  }, [say, textOf]);
}
