import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Refusal } from '#kernel/errors';

export const FORMAT = 'sanjiang-archive';
export const FORMAT_VERSION = 1;

const Text = Type.String();
const Header = Type.Object({
  archive: Text,
  format: Type.Integer(),
  version: Text,
  at: Text,
  schemas: Type.Array(Text, { minItems: 1, maxItems: 100 }),
  migrations: Type.Array(Text),
});
export type Header = Static<typeof Header>;

const Line = Type.Union([
  Header,
  Type.Object({
    table: Type.Object({
      schema: Text,
      name: Text,
      columns: Type.Array(Type.Object({ name: Text, type: Text })),
    }),
  }),
  Type.Object({ rows: Type.Array(Type.Array(Type.Union([Text, Type.Null()]))) }),
  Type.Object({
    sequences: Type.Array(
      Type.Object({ schema: Text, name: Text, last: Type.Union([Type.Integer(), Type.Null()]) }),
    ),
  }),
  Type.Object({ end: Type.Object({ rows: Type.Integer(), digest: Text }) }),
]);
export type Line = Static<typeof Line>;
const checked = Compile(Line);

/** One line of an archive. Throws Refusal('invalid') for anything else. */
export const parseLine = (text: string): Line => {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    line = undefined;
  }
  if (checked.Check(line)) return line;
  throw new Refusal(
    'invalid',
    'This is not an archive: a line of it is none of its kinds. Nothing was taken.',
  );
};
