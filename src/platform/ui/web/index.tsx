import type { ComponentType, ReactElement } from 'react';
import type { TimeSeriesProps } from './chart/time-series.tsx';
import type { SchemaFormProps } from './form/schema-form.tsx';
import type { MapProps } from './map/map-props.ts';
import { later } from './parts/later.tsx';
import type { DataTableProps } from './table/data-table.tsx';

// Pages
export { listedPages, type Bilingual, type Face, type ModuleWeb, type Page } from './page.ts';
export { PageFrame, useWindowTitle, type Crumb } from './parts/page-frame.tsx';
export { PageLink, useGo, usePageParams, usePageQuery, usePath } from './nav.tsx';
export { paths, withQuery } from './paths.ts';

// Texts
export { TypeNamesProvider, useTypeName } from './text/type-names.tsx';
export { defineWords, type Say, type Words } from './text/define.ts';
export {
  pick,
  setLanguage,
  startLanguage,
  useLanguage,
  usePick,
  type Language,
} from './text/language.ts';
export { HOUSE_NAME, HOUSE_NAME_EN, HOUSE_NAME_ZH } from './text/name.ts';
export { uiWords } from './text/words.ts';

// The API
export { Problem, request, requestWhole, type ProblemBody } from './api/request.ts';
export { ApiProvider, useApi, useRefresh, useSend } from './api/query.tsx';
export { useChanges, type StreamState } from './api/changes.ts';
export type { CityChange, CityFeature } from './api/city-feature.ts';

// Looks
export { antdTheme } from './theme/antd.ts';
export { BUNDLED_FACE, declareBundledFace, FONT_STACK } from './theme/fonts.ts';
export { palettes, type Palette, type Scheme, type Tone } from './theme/palette.ts';
export { SchemeProvider, usePalette, useScheme, type SchemeChoice } from './theme/scheme.tsx';

// Parts
export { CodeBlock } from './parts/code-block.tsx';
export { DemoTag } from './parts/demo-tag.tsx';
export { Empty, ErrorState, Loading } from './parts/states.tsx';
export { Stat } from './parts/stat.tsx';
export { StatusTag } from './parts/status-tag.tsx';
export { StreamTag } from './parts/stream-tag.tsx';
export { ToastProvider, useToast } from './parts/toast.tsx';

// Time
export { Age } from './time/age.tsx';
export { formatNumber, formatTime } from './time/format.ts';
export { rangeEnds, rangeText, readRange, type TimeRange } from './time/range.ts';
export { TimeRangePicker } from './time/time-range-picker.tsx';

// Large components, fetched when first shown
export type { Cell, Column, Sort, View } from './table/columns.ts';
export type { DataTableProps } from './table/data-table.tsx';
export type { FormSchema, FormValue } from './form/schema.ts';
export type { SchemaFormProps } from './form/schema-form.tsx';
export type { ChartPoint, ChartSeries } from './chart/series.ts';
export type { TimeSeriesProps } from './chart/time-series.tsx';
export type {
  BaseMap,
  Bounds,
  Ground,
  LonLat,
  MapChange,
  MapHandle,
  MapLayer,
  MapPick,
  MapProps,
} from './map/map-props.ts';

/** The city's map: live layers, clusters, popups; see `MapProps`. */
export const CityMap: ComponentType<MapProps> = later(
  async () => (await import('./map/city-map.tsx')).CityMap,
  ({ height }) => height ?? '100%',
);

/** Values over time with zoom to any period; see `TimeSeriesProps`. */
export const TimeSeries: ComponentType<TimeSeriesProps> = later(
  async () => (await import('./chart/time-series.tsx')).TimeSeries,
  ({ height }) => height ?? 300,
);

/** A table for work; see `DataTableProps`. */
export const DataTable = later(
  async () => (await import('./table/data-table.tsx')).DataTable as ComponentType<never>,
  () => 240,
) as unknown as <T>(props: DataTableProps<T>) => ReactElement;

/** A form made from a JSON Schema; see `SchemaFormProps`. */
export const SchemaForm: ComponentType<SchemaFormProps> = later(
  async () => (await import('./form/schema-form.tsx')).SchemaForm,
  () => 240,
);
