import { Input } from 'antd';
import { useMemo, useState } from 'react';
import { DataTable, Empty, useApi, usePick, type Bilingual, type Column } from '#platform/ui/web';
import { api } from '../api.ts';
import { developersWords } from './words.ts';

type Door = {
  readonly module: string;
  readonly title: Bilingual;
  readonly standard: string;
  readonly version: string;
  readonly direction: 'in' | 'out' | 'both';
  readonly at: string;
  readonly implemented: Bilingual;
};

const DIRECTIONS = { in: 'directionIn', out: 'directionOut', both: 'directionBoth' } as const;

/** Every standard that the city speaks, where, and how much of it. */
export function Doors() {
  const say = developersWords.useText();
  const pick = usePick();
  const { data, error, refetch } = useApi<{ doors: readonly Door[] }>(api.doors());
  const [text, setText] = useState('');
  const columns = useMemo<readonly Column<Door>[]>(
    () => [
      {
        key: 'standard',
        title: say('doorStandard'),
        value: (door) => door.standard,
        sortable: true,
      },
      { key: 'version', title: say('doorVersion'), value: (door) => door.version },
      {
        key: 'direction',
        title: say('doorDirection'),
        value: (door) => say(DIRECTIONS[door.direction]),
        sortable: true,
      },
      {
        key: 'at',
        title: say('doorAt'),
        value: (door) => door.at,
        render: (door) => <code className="sj-dev-at">{door.at}</code>,
      },
      { key: 'does', title: say('doorDoes'), value: (door) => pick(door.implemented) },
      {
        key: 'module',
        title: say('doorModule'),
        value: (door) => pick(door.title),
        sortable: true,
      },
    ],
    [say, pick],
  );
  const wanted = text.trim().toLowerCase();
  const rows = data?.doors.filter((door) =>
    columns.some(({ value }) => String(value(door)).toLowerCase().includes(wanted)),
  );
  return (
    <div>
      <h2>{say('doorsTitle')}</h2>
      <p className="sj-soft sj-dev-lead">{say('doorsAbout')}</p>
      <DataTable
        label={say('doorsTitle')}
        columns={columns}
        rows={rows}
        rowKey={(door) => `${door.module} ${door.standard} ${door.version} ${door.at}`}
        error={error}
        onRetry={() => void refetch()}
        empty={<Empty title={say('doorsEmpty')} />}
        tools={
          <Input.Search
            allowClear
            className="sj-dev-filter"
            aria-label={say('doorsFilter')}
            placeholder={say('doorsFilter')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        }
      />
    </div>
  );
}
