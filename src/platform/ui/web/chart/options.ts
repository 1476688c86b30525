import type { EChartsCoreOption } from 'echarts/core';
import { FONT_STACK } from '../theme/fonts.ts';
import type { Palette } from '../theme/palette.ts';
import { formatNumber, formatTime } from '../time/format.ts';
import type { Language } from '../text/language.ts';
import { unitsOf, withGaps, type ChartSeries } from './series.ts';

type Setting = {
  readonly series: readonly ChartSeries[];
  readonly palette: Palette;
  readonly language: Language;
  readonly label: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly limits: readonly { readonly value: number; readonly name: string }[];
};

/** A chart over time in the words of ECharts. */
export function timeSeriesOptions(setting: Setting): EChartsCoreOption {
  const { series, palette, from, to } = setting;
  const units = unitsOf(series);
  const axis = {
    axisLabel: { color: palette.soft, hideOverlap: true },
    axisLine: { lineStyle: { color: palette.control } },
    nameTextStyle: { color: palette.soft, align: 'left' },
  };
  return {
    aria: { enabled: true, label: { description: setting.label } },
    animation: false,
    color: [...palette.series],
    textStyle: { fontFamily: FONT_STACK, color: palette.text },
    grid: {
      left: 12,
      right: units.length > 1 ? 12 : 20,
      top: 40,
      bottom: 56,
      outerBoundsMode: 'same',
    },
    legend: { show: series.length > 1, top: 0, right: 0, textStyle: { color: palette.text } },
    tooltip: tooltip(setting),
    toolbox: { itemSize: 0, feature: { dataZoom: { yAxisIndex: 'none' } } }, // our buttons drive it
    dataZoom: [
      { type: 'inside', filterMode: 'none' },
      {
        type: 'slider',
        filterMode: 'none',
        height: 26,
        bottom: 8,
        borderColor: palette.line,
        backgroundColor: palette.sunken,
        fillerColor: `${palette.accent}33`,
        handleStyle: { color: palette.accent, borderColor: palette.accent },
        moveHandleStyle: { color: palette.control },
        dataBackground: {
          lineStyle: { color: palette.control },
          areaStyle: { color: palette.line },
        },
        textStyle: { color: palette.soft },
      },
    ],
    xAxis: { type: 'time', min: from, max: to, ...axis, splitLine: { show: false } },
    yAxis: (units.length > 0 ? units : ['']).slice(0, 2).map((unit, i) => ({
      type: 'value',
      scale: true,
      name: i === 1 ? units.slice(1).join(' · ') : unit,
      ...axis,
      splitLine: { show: i === 0, lineStyle: { color: palette.line } },
    })),
    series: series.map((one, i) => ({
      name: one.name,
      type: one.kind === 'bar' ? 'bar' : 'line',
      step: one.kind === 'step' ? 'end' : false,
      yAxisIndex: Math.min(Math.max(units.indexOf(one.unit), 0), 1),
      data: withGaps(one),
      connectNulls: false,
      showSymbol: one.points.length < 60,
      symbolSize: 5,
      lineStyle: { width: 1.8 },
      ...(one.points.length > 2000 ? { sampling: 'lttb' } : {}),
      ...(i === 0 ? { markLine: marks(setting) } : {}),
    })),
  };
}

function tooltip({ series, palette, language }: Setting) {
  return {
    trigger: 'axis',
    confine: true,
    backgroundColor: palette.raised,
    borderColor: palette.line,
    textStyle: { color: palette.text },
    axisPointer: { lineStyle: { color: palette.control } },
    renderMode: 'richText', // plain text: a name from the city is never read as HTML
    formatter: (items: readonly { seriesIndex: number; value: [number, number | null] }[]) =>
      [
        items[0] ? formatTime(items[0].value[0], language) : '',
        ...items
          .filter(({ value }) => value[1] !== null)
          .map(({ seriesIndex, value }) => {
            const one = series[seriesIndex]!;
            return `${one.name}  ${formatNumber(value[1], language)} ${one.unit}`;
          }),
      ].join('\n'),
  };
}

function marks({ limits, palette }: Setting) {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: palette.tone.alarm.text, type: 'dashed' },
    label: { color: palette.tone.alarm.text, formatter: '{b}', position: 'insideEndTop' },
    data: limits.map(({ value, name }) => ({ yAxis: value, name })),
  };
}
