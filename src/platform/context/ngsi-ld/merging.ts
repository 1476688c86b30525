import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { Understanding } from '../entity/adapt.ts';
import { parseDateTime } from '../entity/parse-value.ts';
import { checkOptions, optionsOf } from './parameters.ts';

const Text = Type.Optional(Type.String());
const LANGUAGE = /^(?:[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,15}|@none)$/;
const FORMS = ['simplified', 'keyValues', 'normalized', 'concise'];

/** Table 6.5.3.4-1: how the fragment of a merge is to be understood. */
export const MERGE = { options: Text, format: Text, lang: Text, observedAt: Text };

type Parameters = { readonly [name in keyof typeof MERGE]?: string | undefined };

/** Throws Refusal('invalid') naming the parameter. `format` goes before the older `options`. */
export const mergingOf = (query: Parameters): Understanding & { readonly observedAt?: string } => {
  const { format, lang, observedAt } = query;
  const options = optionsOf(query);
  checkOptions(options, FORMS);
  if (format !== undefined && !FORMS.includes(format))
    throw new Refusal('invalid', `format=${format} is none of ${FORMS.join(', ')} (6.5.3.4).`);
  if (lang !== undefined && !LANGUAGE.test(lang))
    throw new Refusal('invalid', 'lang is one language tag (Table 6.5.3.4-1).');
  const forms = format === undefined ? [...options] : [format];
  const simplified = forms.includes('simplified') || forms.includes('keyValues');
  return {
    ...(simplified ? { simplified } : {}),
    ...(lang === undefined ? {} : { lang }),
    ...(observedAt === undefined
      ? {}
      : { observedAt: parseDateTime('observedAt', observedAt, false) }),
  };
};
