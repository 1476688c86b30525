import { paths, pick, useApi, type Bilingual, type Language } from '#platform/ui/web';

/** `GET /api/house`: the platform itself. */
export type House = {
  readonly name: string;
  readonly version: string;
  readonly city: { readonly id: string; readonly name: Bilingual };
  readonly engine: string;
  readonly demo: { readonly on: boolean; readonly rate: number };
  readonly auth: 'on' | 'off';
  readonly startedAt: string;
};

/** `GET /api/identity/me`: who asks. */
export type Me = {
  readonly actor: {
    readonly kind: 'anonymous' | 'person' | 'application';
    readonly name: string;
    readonly roles: readonly string[];
  };
  readonly auth: 'on' | 'off';
};

/** `GET /api/context/types`: what there is in the city, by type. */
export type EntityTypes = {
  readonly types: readonly {
    readonly type: string;
    readonly count: number;
    /** How many of them the simulator made. */
    readonly demo: number;
    readonly newest: string;
  }[];
};

/** A name from the API: plain, or in both languages. */
export type Name = string | Partial<Bilingual> | null | undefined;

/** `GET /api/registers/search`. */
export type RegisterHits = {
  readonly places: readonly {
    readonly code: string;
    readonly name: Bilingual;
    readonly kind: string;
    readonly parent?: string | null;
  }[];
  readonly bodies: readonly { readonly id: string; readonly name: Bilingual }[];
};

/** `GET /api/context/search`. */
export type ContextHits = {
  readonly items: readonly { readonly id: string; readonly type: string; readonly name?: Name }[];
};

const HOUSE_REFRESH_MS = 60_000;

export const useHouse = () => useApi<House>(paths.api.house(), { refreshMs: HOUSE_REFRESH_MS });
export const useMe = () => useApi<Me>(paths.api.me());

/** A name in the language shown; the id where there is none. */
export function nameOf(name: Name, language: Language, id: string): string {
  return typeof name === 'string' ? name || id : pick(name, language, id);
}
