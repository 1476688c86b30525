import { Button } from 'antd';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { Empty } from '../parts/states.tsx';
import { DataTable } from '../table/data-table.tsx';
import { useLanguage } from '../text/language.ts';
import { uiWords } from '../text/words.ts';
import { usePalette } from '../theme/scheme.tsx';
import { echarts } from './echarts.ts';
import { timeSeriesOptions } from './options.ts';
import { chartRows, type ChartSeries } from './series.ts';
import './chart.css';

export type TimeSeriesProps = {
  /** What the chart shows, read out by screen readers. */
  readonly label: string;
  readonly series: readonly ChartSeries[];
  /** Ends of the time axis; left out: from the first point to the last. */
  readonly from?: string | number;
  readonly to?: string | number;
  /** Dashed lines: a limit, a target, a warning level. */
  readonly limits?: readonly { readonly value: number; readonly name: string }[];
  readonly height?: number;
  /** Called when a person has zoomed, panned or selected a period, e.g. to load it finer. */
  readonly onPeriod?: (from: number, to: number) => void;
};

const NO_LIMITS: NonNullable<TimeSeriesProps['limits']> = [];
const SETTLE_MS = 300; // a drag of the slider is one change, not fifty

/** Values over time: zoom, pan and select any period; silence is a gap; the same as a table. */
export function TimeSeries(props: TimeSeriesProps) {
  const { label, series, height = 300 } = props;
  const say = uiWords.useText();
  const [asTable, setAsTable] = useState(false);
  const empty = series.every(({ points }) => points.length === 0);
  return (
    <div className="sj-chart">
      {empty ? (
        <Empty title={say('chartNoData')} />
      ) : asTable ? (
        <ChartTable label={label} series={series} />
      ) : (
        <Canvas {...props} height={height} />
      )}
      {!empty && (
        <div className="sj-chart-foot">
          <Button size="small" onClick={() => setAsTable(!asTable)}>
            {say(asTable ? 'chartShowChart' : 'chartShowTable')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Canvas(props: TimeSeriesProps & { height: number }) {
  const { label, series, from, to, limits = NO_LIMITS, height, onPeriod } = props;
  const say = uiWords.useText();
  const language = useLanguage();
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof echarts.init>>(undefined);
  const tell = useEffectEvent((from: number, to: number) => onPeriod?.(from, to));

  useEffect(() => {
    const made = echarts.init(box.current!);
    chart.current = made;
    const resize = new ResizeObserver(() => made.resize());
    resize.observe(box.current!);
    let timer: ReturnType<typeof setTimeout>;
    made.on('datazoom', () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const zoom = (
          made.getOption()['dataZoom'] as { startValue: number; endValue: number }[]
        )[0];
        if (zoom) tell(zoom.startValue, zoom.endValue);
      }, SETTLE_MS);
    });
    return () => {
      clearTimeout(timer);
      resize.disconnect();
      made.dispose();
    };
  }, []);

  const option = useMemo(() => {
    const ends = { from: time(from), to: time(to) };
    return timeSeriesOptions({ series, palette, language, label, limits, ...ends });
  }, [series, palette, language, label, limits, from, to]);
  useEffect(() => {
    chart.current?.setOption(option, { replaceMerge: ['series', 'yAxis'] });
  }, [option]);

  const select = () =>
    chart.current?.dispatchAction({
      type: 'takeGlobalCursor',
      key: 'dataZoomSelect',
      dataZoomSelectActive: true,
    });
  return (
    <>
      <div className="sj-chart-tools">
        <span className="sj-soft">{say('chartZoomHint')}</span>
        <Button size="small" onClick={select}>
          {say('chartBrush')}
        </Button>
        <Button
          size="small"
          onClick={() => chart.current?.dispatchAction({ type: 'dataZoom', start: 0, end: 100 })}
        >
          {say('chartAll')}
        </Button>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a canvas inside, no file */}
      <div ref={box} role="img" aria-label={label} style={{ height }} />
    </>
  );
}

function ChartTable({ label, series }: { label: string; series: readonly ChartSeries[] }) {
  const say = uiWords.useText();
  return (
    <DataTable
      label={label}
      rows={chartRows(series)}
      rowKey={(row) => String(row.at)}
      columns={[
        { key: 'at', title: say('time'), value: (row) => new Date(row.at), sortable: true },
        ...series.map(({ name, unit }, i) => ({
          key: String(i),
          title: name,
          unit,
          sortable: true,
          value: (row: { values: (number | null)[] }) => row.values[i],
        })),
      ]}
    />
  );
}

function time(at: string | number | undefined): number | undefined {
  return at === undefined ? undefined : new Date(at).getTime();
}
