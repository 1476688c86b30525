import { Button } from 'antd';
import { DataTable, Empty, Loading, PageFrame, Stat, useGo } from '#platform/ui/web';
import { useSourceColumns } from './columns.tsx';
import { RightsNote } from './rights-note.tsx';
import { pageOf, useMay, useSources } from './sources.ts';
import { federationWords } from './words.ts';
import './federation.css';

/** The platforms joined to this one, and how they are doing. */
export function Federation() {
  const say = federationWords.useText();
  const go = useGo();
  const may = useMay('write') ?? false;
  const mayRead = useMay('read');
  return (
    <PageFrame
      title={say('title')}
      about={say('about')}
      actions={
        <div className="sj-federation-actions">
          <Button
            type="primary"
            disabled={!may}
            aria-describedby="rights"
            onClick={() => go(pageOf.newSource())}
          >
            {say('add')}
          </Button>
          <RightsNote id="rights" />
        </div>
      }
    >
      {mayRead === undefined ? (
        <Loading height={240} />
      ) : mayRead ? (
        <SourceList />
      ) : (
        <Empty title={say('onlyOperator')} />
      )}
    </PageFrame>
  );
}

function SourceList() {
  const say = federationWords.useText();
  const go = useGo();
  const columns = useSourceColumns();
  const { data, error, refetch } = useSources();
  const rows = data?.items;
  const inState = (state: string) => rows?.filter((source) => source.state === state).length;
  return (
    <>
      {rows && rows.length > 0 && (
        <section className="sj-federation-stats" aria-label={say('summary')}>
          <Stat label={say('sources')} value={rows.length} digits={0} />
          <Stat label={say('answering')} value={inState('ok')} digits={0} />
          <Stat label={say('failing')} value={inState('failed')} digits={0} />
          <Stat label={say('unasked')} value={inState('unasked')} digits={0} />
        </section>
      )}
      <DataTable
        label={say('title')}
        columns={columns}
        rows={rows}
        rowKey={({ tenant, id }) => `${tenant} ${id}`}
        error={data ? undefined : error}
        onRetry={() => void refetch()}
        onOpen={(source) => go(pageOf.source(source))}
        empty={<Empty title={say('empty')}>{say('emptyHint')}</Empty>}
      />
    </>
  );
}
