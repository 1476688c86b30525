/** RFC 9457 problem details as our server answers them. */
export type ProblemBody = {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly status?: number;
  readonly instance?: string;
  readonly [more: string]: unknown;
};

/** A request that did not succeed. `status` is 0 when no answer came at all. */
export class Problem extends Error {
  readonly status: number;
  readonly body: ProblemBody;
  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.body = body;
  }
}

const REQUEST_TIMEOUT_MS = 30_000; // a person has given up by then

export type RequestOptions = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** Calls our HTTP API; answers the JSON, or undefined for an empty answer; throws `Problem`. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  return (await requestWhole<T>(path, options)).data;
}

/** As `request`, with the headers of the answer (`NGSILD-Results-Count`, `Location` …). */
export async function requestWhole<T>(
  path: string,
  { method = 'GET', body, headers, signal }: RequestOptions = {},
): Promise<{ data: T; headers: Headers }> {
  const limit = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json, application/ld+json;q=0.9, application/problem+json;q=0.8',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Problem(0, limit.aborted ? { type: 'timeout' } : { type: 'unreachable' });
  }
  const data = parse(await response.text());
  if (!response.ok) throw new Problem(response.status, problemBody(data, response.status));
  if (data === NOT_JSON) throw new Problem(502, { type: 'not-json' });
  return { data: data as T, headers: response.headers };
}

const NOT_JSON = Symbol('not JSON');

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON; // a proxy's error page
  }
}

function problemBody(data: unknown, status: number): ProblemBody {
  return typeof data === 'object' && data !== null ? (data as ProblemBody) : { status };
}
