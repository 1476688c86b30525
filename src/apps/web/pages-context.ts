import { createContext, useContext } from 'react';
import type { Page } from '#platform/ui/web';

/** All pages of the house, for pages that list others. */
export const PagesContext = createContext<readonly Page[]>([]);

export const usePages = () => useContext(PagesContext);
