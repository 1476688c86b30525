import type { Feature, FeatureCollection, Point } from 'geojson';
import type { ExpressionSpecification, Map as MapLibreMap } from 'maplibre-gl';
import type { ReactNode } from 'react';

export type LonLat = readonly [lon: number, lat: number];
export type Bounds = readonly [west: number, south: number, east: number, north: number];

/** Tiles below everything, if the city has some. Without: the city's own outline on water. */
export type BaseMap =
  | {
      readonly kind: 'xyz';
      /** With `{z}/{x}/{y}`. */
      readonly url: string;
      readonly attribution?: string;
      readonly maxZoom?: number;
      readonly tileSize?: number;
    }
  | {
      readonly kind: 'pmtiles';
      /** An archive of raster tiles, or of vector tiles with the layers earth, water, roads. */
      readonly url: string;
      readonly attribution?: string;
    };

/** The ground drawn from data of the city: no network needed. */
export type Ground = {
  readonly land?: FeatureCollection;
  /** Outlines of districts. `approximate: true` in a feature's properties makes its line dashed. */
  readonly edges?: FeatureCollection;
  /** Points with a `name` in the language shown. */
  readonly names?: FeatureCollection<Point>;
};

/** A colour, or an expression of the map that gives one. */
export type Paint = string | ExpressionSpecification;

/**
 * One set of things on the map. Every feature has an id, its own or in its properties. Known
 * properties: `label` or `name` (text below), `bearing` or `course` (degrees; the dot becomes an
 * arrow), so features of `/api/context/map` are drawn as they come.
 */
export type MapLayer = {
  readonly id: string;
  readonly features: FeatureCollection;
  readonly colour: Paint;
  /** Points near each other become one circle with a count. Points only. */
  readonly cluster?: boolean;
  /** Radius of a point or width of a line, pixels. */
  readonly size?: number;
  /** Opacity of an area, 0 to 1; default 0.15. */
  readonly fill?: number;
  readonly dashed?: boolean;
  readonly visible?: boolean;
  /** Labels appear from this zoom on; default 11. */
  readonly labelsFrom?: number;
};

/** What changed in a layer since last time. */
export type MapChange = {
  readonly upsert?: readonly Feature[];
  readonly remove?: readonly string[];
};

/** What a page can ask of a map that is ready. */
export type MapHandle = {
  /** Adds, moves and removes features of a layer; drawn at most twice a second. */
  readonly update: (layer: string, change: MapChange) => void;
  readonly fit: (bounds: Bounds, paddingPx?: number) => void;
  readonly fly: (to: LonLat, zoom?: number) => void;
  /** What is in view. */
  readonly bounds: () => Bounds;
  /** The MapLibre map itself, for what this wrapper does not do. */
  readonly map: MapLibreMap;
};

export type MapPick = {
  readonly layer: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly at: LonLat;
};

export type MapProps = {
  /** What the map shows, for screen readers. */
  readonly label: string;
  readonly layers: readonly MapLayer[];
  readonly base?: BaseMap;
  readonly ground?: Ground;
  /** Where to start, and where "show everything" goes back to. */
  readonly bounds: Bounds;
  readonly selected?: string;
  readonly onPick?: (pick: MapPick | undefined) => void;
  /** A small card at a place. */
  readonly popup?: {
    readonly at: LonLat;
    readonly content: ReactNode;
    readonly onClose: () => void;
  };
  readonly onReady?: (handle: MapHandle) => void;
  readonly onMove?: (bounds: Bounds, zoom: number) => void;
  /** The same things as text: a list or a table. */
  readonly alternative?: ReactNode;
  readonly height?: number | string;
};
