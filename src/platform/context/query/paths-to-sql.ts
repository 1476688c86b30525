import type { Bind } from './bind.ts';
import type { Path } from './q.ts';

/** A path into the attributes of an entity. */
export type Named = Exclude<Path, { system: string }>;

export const quote = (name: string): string => JSON.stringify(name);
export const existsSql = (json: string, path: string, values: object, bind: Bind): string =>
  `jsonb_path_exists(${json}, ${bind(path)}::jsonpath, ${bind(JSON.stringify(values))}::jsonb, true)`;

/** The attributes of a row; their own times are put back only where they are asked for. */
export const attributesSql = (alias: string, member: string | undefined): string =>
  member === 'createdAt' || member === 'modifiedAt'
    ? `context.with_times(${alias}.attributes, ${alias}.created_at, ${alias}.modified_at)`
    : `${alias}.attributes`;

/** Every instance of the attribute, or of the sub-attribute within it. */
export const instances = ({ names }: Named): string =>
  `$${names.map((name) => `.${quote(name)}[*]`).join('')}`;

export const within = ({ trail = [] }: Named): string =>
  trail.map((name) => `.${quote(name)}`).join('');
/** The values of one language, or of all. */
export const languages = ({ trail }: Named): string | undefined => {
  if (trail === undefined || (trail.length === 1 && trail[0] === '*')) return '@.languageMap.*';
  return trail.length === 1 ? `@.languageMap.${quote(trail[0]!)}` : undefined;
};
/** JSON values as a whole, or what stands in them under the trail. */
export const wholes = (path: Named): string[] => [
  `@.value${within(path)}`,
  `@.json${within(path)}`,
];

/** Where an instance `@` holds what is compared as one value: no array is looked into (clause 4.9, order and patterns). */
export const singlesOf = (path: Named): string[] => {
  if (path.member) return [`@.${path.member}`];
  return path.trail ? wholes(path) : [...wholes(path), '@.vocab'];
};
/** Where it holds what is compared by equality, also as one of many. */
export const manyOf = (path: Named): string[] => {
  const language = languages(path);
  if (path.member) return [`@.${path.member}`];
  const targets = path.trail
    ? wholes(path)
    : [...wholes(path), '@.object', '@.vocab', '@.valueList', '@.objectList'];
  return language ? [...targets, language] : targets;
};

export const presence = (path: Named): string => {
  if (path.member) return `exists(@.${path.member})`;
  if (!path.trail) return 'exists(@.type)';
  return [...wholes(path), languages(path)]
    .flatMap((target) => (target ? [`exists(${target})`] : []))
    .join(' || ');
};
