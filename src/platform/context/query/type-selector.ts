import type { Bind } from './bind.ts';
import { parseChoice } from './choice.ts';

/** Types as full names: any of these sets, all of one set. */
export type TypeSelector = { readonly anyOf: readonly (readonly string[])[] };

const TYPE = /^[^\s();,|"<>{}\\^`]+$/;

/** The entity type selection language (clause 4.17); `*` is every type and has no selector. Throws Refusal('invalid'). */
export const parseTypes = (
  text: string,
  expand: (short: string) => string,
): TypeSelector | undefined =>
  text.trim() === '*'
    ? undefined
    : {
        anyOf: parseChoice(
          text,
          (type) => (TYPE.test(type) && type !== '*' ? expand(type) : undefined),
          'The type selection (clause 4.17)',
        ),
      };

export const typesToSql = ({ anyOf }: TypeSelector, bind: Bind, alias = 'e'): string => {
  const singles = anyOf.flatMap((types) => (types.length === 1 ? types : []));
  const together = anyOf.filter((types) => types.length > 1);
  const conditions = [
    ...(singles.length > 0 ? [`${alias}.types && ${bind(singles)}::text[]`] : []),
    ...together.map((types) => `${alias}.types @> ${bind(types)}::text[]`),
  ];
  return `(${conditions.join(' or ')})`;
};

export const matchesTypes = ({ anyOf }: TypeSelector, types: readonly string[]): boolean =>
  anyOf.some((all) => all.every((type) => types.includes(type)));
