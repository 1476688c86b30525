import { useRouter, useRouterState } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { withQuery } from './paths.ts';

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & { readonly to: string };

/** A link to another page of the house, by its path; it is a real link, so it opens in a new tab too. */
export function PageLink({ to, onClick, children, ...rest }: LinkProps) {
  const router = useRouter();
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (event.defaultPrevented || !plain || rest.target) return;
    event.preventDefault();
    router.history.push(to);
  };
  const prepare = () => void router.preloadRoute({ to: to.split('?')[0] as never }).catch(() => {});
  return (
    <a href={to} onClick={go} onMouseEnter={prepare} onFocus={prepare} {...rest}>
      {children}
    </a>
  );
}

/** Goes to a page by its path; `replace` leaves no step in the browser's history. */
export function useGo(): (to: string, options?: { replace?: boolean }) => void {
  const { history } = useRouter();
  return (to, options) => (options?.replace ? history.replace(to) : history.push(to));
}

/** The path shown, without its query. */
export function usePath(): string {
  return useRouterState({ select: (state) => state.location.pathname });
}

/** The `$names` of the page's path, decoded. */
export function usePageParams(): Readonly<Record<string, string>> {
  const params: unknown = useRouterState({ select: (state) => state.matches.at(-1)?.params ?? {} });
  return params as Record<string, string>;
}

/** The page's query, and a function that changes some of it in place (undefined takes a name out). */
export function usePageQuery(): [
  Readonly<Record<string, string>>,
  (change: Readonly<Record<string, string | undefined>>) => void,
] {
  const { history } = useRouter();
  const search: unknown = useRouterState({ select: (state) => state.location.search });
  const query = search as Record<string, string>;
  const path = usePath();
  return [query, (change) => history.replace(withQuery(path, { ...query, ...change }))];
}
