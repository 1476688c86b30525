import type { Feature, Geometry } from 'geojson';

/** An entity as `/api/context/map` and the change stream show it. */
export type CityFeature = Feature<
  Geometry | null,
  {
    readonly type: string;
    readonly name: string | null;
    /** In English, where it has a name in several languages. */
    readonly nameEn?: string | null;
    /** Made by the simulator: mark it with `DemoTag` wherever it is shown. */
    readonly demo: boolean;
    readonly modifiedAt: string;
    /** Degrees from north, for things that move. */
    readonly course: number | null;
    readonly facts: Readonly<Record<string, number | string | boolean>>;
  }
> & { readonly id: string };

/** One change of the city: what it is now, or that it is gone. */
export type CityChange = CityFeature | { readonly id: string; readonly deleted: true };
