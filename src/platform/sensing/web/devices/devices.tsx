import { Button } from 'antd';
import {
  DataTable,
  Empty,
  PageFrame,
  PageLink,
  paths,
  useApi,
  useGo,
  usePageQuery,
} from '#platform/ui/web';
import { api, pageOf, type Device } from '../api.ts';
import { useDeviceColumns } from './columns.tsx';
import { Filters } from './filters.tsx';
import { RightsNote, useMayKeep } from './rights-note.tsx';
import { devicesWords } from './words.ts';
import './devices.css';

const REFRESH_MS = 10_000;
const LISTED_MAX = 1_000; // as many as the server answers at once

type Answer = { readonly total: number; readonly devices: readonly Device[] };

/** The register of devices: who reports, and who does not. */
export function Devices() {
  const say = devicesWords.useText();
  const go = useGo();
  const mayKeep = useMayKeep();
  const columns = useDeviceColumns();
  const [{ q, state, class: of, district }] = usePageQuery();
  const { data, error, refetch } = useApi<Answer>(
    api.devices({ q, state, class: of, limit: LISTED_MAX }),
    { refreshMs: REFRESH_MS, keep: true },
  );
  const rows = data?.devices.filter((device) => !district || device.district === district);
  const narrowed = Boolean(q || state || of || district);
  return (
    <PageFrame
      title={say('title')}
      about={say('about')}
      actions={
        <div className="sj-devices-actions">
          <Button
            type="primary"
            disabled={!mayKeep}
            aria-describedby="rights"
            onClick={() => go(pageOf.newDevice())}
          >
            {say('register')}
          </Button>
          <RightsNote id="rights" />
        </div>
      }
    >
      {data && data.total > data.devices.length && (
        <p className="sj-devices-partly">
          {say('partly', { total: data.total, shown: data.devices.length })}
        </p>
      )}
      <DataTable
        label={say('title')}
        columns={columns}
        rows={rows}
        rowKey={(device) => device.id}
        error={data ? undefined : error}
        onRetry={() => void refetch()}
        onOpen={(device) => go(pageOf.device(device.id))}
        tools={<Filters />}
        empty={
          narrowed ? (
            <Empty title={say('emptyFilter')}>{say('emptyFilterHint')}</Empty>
          ) : (
            <Empty
              title={say('empty')}
              action={<PageLink to={paths.developers()}>{paths.developers()}</PageLink>}
            >
              {say('emptyHint')}
            </Empty>
          )
        }
      />
    </PageFrame>
  );
}
