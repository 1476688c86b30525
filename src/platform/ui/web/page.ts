import type { ComponentType, ReactNode } from 'react';
import type { Words } from './text/define.ts';

/** One text in both languages of the house. */
export type Bilingual = { readonly zh: string; readonly en: string };

/** The four faces of the house; each page belongs to one. */
export type Face = 'resident' | 'work' | 'city' | 'developers';

/** A page that a module shows. Its component is loaded when somebody goes there. */
export type Page = {
  /** Path in the router's form: `/city`, `/work/devices/$id`. */
  readonly path: string;
  readonly title: Bilingual;
  /** One line on what a person can do there; shown on the face's home. */
  readonly about?: Bilingual;
  readonly face: Face;
  readonly load: () => Promise<ComponentType>;
  readonly icon?: ReactNode;
  /** Place among the face's pages, small first; default 100. */
  readonly order?: number;
  /** False for pages that are reached from another page only (one entity, one case). */
  readonly listed?: boolean;
  /** True for pages that use the whole window without margins (the live map). */
  readonly full?: boolean;
};

/** What the `web/index.tsx` of a module exports as `web`. */
export type ModuleWeb = {
  readonly pages: readonly Page[];
  readonly words?: readonly Words[];
  /** What people call the entity types that the module owns. */
  readonly types?: Readonly<Record<string, Bilingual>>;
};

/** The pages of a face that a menu lists, in order. */
export function listedPages(pages: readonly Page[], face: Face): Page[] {
  return pages
    .filter((page) => page.face === face && page.listed !== false)
    .sort((a, b) => (a.order ?? 100) - (b.order ?? 100));
}
