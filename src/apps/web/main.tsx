import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import {
  ApiProvider,
  declareBundledFace,
  SchemeProvider,
  startLanguage,
  TypeNamesProvider,
} from '#platform/ui/web';
import './base.css';
import { pages, typeNames, webs } from './house.tsx';
import { Looks } from './looks.tsx';
import { houseRouter } from './router.tsx';

startLanguage(webs.flatMap((web) => web.words ?? []));
const router = houseRouter(pages);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <SchemeProvider>
      <Looks>
        <ApiProvider>
          <TypeNamesProvider value={typeNames}>
            <RouterProvider router={router} />
          </TypeNamesProvider>
        </ApiProvider>
      </Looks>
    </SchemeProvider>
  </StrictMode>,
);

// After the first paint: the browser then fetches only the pieces that no system face covers.
requestAnimationFrame(() => setTimeout(() => void declareBundledFace(), 0));
