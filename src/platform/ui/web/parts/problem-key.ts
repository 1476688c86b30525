import type { Problem } from '../api/request.ts';

/** The text that fits a failed request. */
export function problemKey(problem: Problem | undefined) {
  if (!problem) return 'problem500';
  if (problem.body.type === 'timeout') return 'problemTimeout';
  if (problem.status === 0) return 'problem0';
  if (problem.status >= 500) return 'problem500';
  const known = [401, 403, 404, 409, 429] as const;
  const status = known.find((code) => code === problem.status);
  return status ? (`problem${status}` as const) : 'problem400';
}
