import { Type } from 'typebox';
import type { Names } from '../jsonld/compile.ts';
import type { Aim } from '../operations.ts';
import { checkText } from '../query/operand.ts';
import { parseTypes } from '../query/type-selector.ts';
import { booleanOf } from './question-parameters.ts';

const Text = Type.Optional(Type.String());

/** Clause 6.3.18: whether only what is here is meant. */
export const LOCAL = { local: Text };
/** Clause 4.17, and what else tells which entity an operation on one is about. */
export const AIM = { type: Text, ...LOCAL };

/** Which entity is meant beyond its id, and who may do it. Throws Refusal('invalid') naming the parameter. */
export const aimOf = (
  { type, local }: { readonly type?: string | undefined; readonly local?: string | undefined },
  names: Names,
): Aim => {
  const ofTypes =
    type === undefined ? undefined : parseTypes(type, (short) => checkText(names.expand(short)));
  return {
    ...(ofTypes ? { ofTypes } : {}),
    ...(booleanOf(local, 'local') ? { local: true } : {}),
  };
};
