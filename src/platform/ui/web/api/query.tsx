import {
  QueryClient,
  QueryClientProvider,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem, request, type RequestOptions } from './request.ts';

const RETRIES_MAX = 2;
const FRESH_MS = 10_000;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // A refusal stays a refusal; only a missing answer or a busy server is worth asking again.
      retry: (failures, error) =>
        failures < RETRIES_MAX &&
        error instanceof Problem &&
        (error.status === 0 || error.status === 503),
    },
  },
});

/** Keeps what the API answered for all pages. */
export function ApiProvider({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

type ApiOptions = {
  /** Ask again every so often, milliseconds. */
  readonly refreshMs?: number;
  /** False: do not ask yet. */
  readonly enabled?: boolean;
  /** True: go on showing the former answer while the path changes (paging, typing). */
  readonly keep?: boolean;
};

/** GETs `path` (from `paths`) and keeps it. The error is always a `Problem`. */
export function useApi<T>(path: string, options: ApiOptions = {}): UseQueryResult<T, Problem> {
  return useQuery<T, Problem>({
    queryKey: [path],
    queryFn: ({ signal }) => request<T>(path, { signal }),
    enabled: options.enabled ?? true,
    refetchInterval: options.refreshMs ?? false,
    ...(options.keep ? { placeholderData: (former: T | undefined) => former as never } : {}),
  });
}

type Sending = Pick<RequestOptions, 'method' | 'body' | 'headers'> & { readonly path: string };

/**
 * Sends a change: `const close = useSend<Answer>({ touches: ['/api/work'] })`, then
 * `close.mutate({ method: 'POST', path, body })`. Afterwards every kept answer whose path starts
 * with one of `touches` is asked for again.
 */
export function useSend<T = unknown>(
  options: { touches?: readonly string[]; onDone?: (answer: T) => void } = {},
): UseMutationResult<T, Problem, Sending> {
  const queries = useQueryClient();
  return useMutation<T, Problem, Sending>({
    mutationFn: ({ path, method = 'POST', ...rest }) => request<T>(path, { method, ...rest }),
    onSuccess: async (answer) => {
      await queries.invalidateQueries({
        predicate: ({ queryKey }) =>
          (options.touches ?? []).some((start) => String(queryKey[0]).startsWith(start)),
      });
      options.onDone?.(answer);
    },
  });
}

/** Asks again for every kept answer whose path starts with `start`. */
export function useRefresh(): (start: string) => Promise<void> {
  const queries = useQueryClient();
  return (start) =>
    queries.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[0]).startsWith(start),
    });
}
