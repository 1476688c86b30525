export { Bug, must } from './must.ts';
export { Refusal, type Facts, type RefusalKind } from './refusal.ts';
export { toProblem, toRefusal, type Problem } from './problem.ts';
