import { lazy, Suspense, type ComponentType } from 'react';
import { Loading } from './states.tsx';

/**
 * A component whose code is fetched when it is first shown, with its place kept meanwhile. What is
 * large (maps, charts, tables, forms) enters the door this way, so that the first page stays small.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  height: (props: P) => number | string,
): ComponentType<P> {
  const Inner = lazy(() => load().then((component) => ({ default: component })));
  return function Later(props: P) {
    return (
      <Suspense fallback={<Loading height={height(props)} />}>
        <Inner {...props} />
      </Suspense>
    );
  };
}
