import { Refusal } from '#kernel/errors';

/** A step into a JSON value: the name of a member, or an index (negative from the end). */
export type Step = string | number;

const SHORT_NAME = /^[\p{L}_][\p{L}\p{N}_]*/u;
const INDEX = /^\[(0|-?[1-9]\d{0,8})\]/;
const QUOTED = /^\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/;
const STEPS_MAX = 20;

/**
 * A singular query of JSONPath (RFC 9535, clause 2.3.5.1): `$.data[0]['t out']`, at most one node. The `$.` may be left
 * out. Throws Refusal('invalid') where the text is none.
 */
export const parsePath = (text: string): Step[] => {
  const fault = (rest: string) =>
    new Refusal('invalid', `The path ${text} is not understood at "${rest.slice(0, 20)}".`, {
      path: text,
    });
  let rest = text.startsWith('$') ? text.slice(1) : `.${text}`.replace(/^\.\[/, '[');
  const steps: Step[] = [];
  while (rest !== '') {
    const index = INDEX.exec(rest);
    const quoted = index ? null : QUOTED.exec(rest);
    const name = index || quoted || rest[0] !== '.' ? null : SHORT_NAME.exec(rest.slice(1));
    if (index) steps.push(Number(index[1]));
    else if (quoted) steps.push((quoted[1] ?? quoted[2] ?? '').replaceAll(/\\(.)/g, '$1'));
    else if (name) steps.push(name[0]);
    else throw fault(rest);
    rest = rest.slice(index?.[0].length ?? quoted?.[0].length ?? name![0].length + 1);
  }
  if (steps.length === 0 || steps.length > STEPS_MAX) throw fault(text);
  return steps;
};

/** The value at the end of the path, or undefined where there is none. */
export const valueAt = (json: unknown, steps: readonly Step[]): unknown => {
  let value = json;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (typeof step === 'number') {
      if (!Array.isArray(value)) return undefined;
      value = value.at(step);
    } else {
      if (Array.isArray(value) || !Object.hasOwn(value, step)) return undefined;
      value = (value as Record<string, unknown>)[step];
    }
  }
  return value;
};
