import type { AttributeKind } from '../model.ts';
import { VALUE_MEMBER } from '../model.ts';

type Form = {
  /** What holds the pairs of a value and its time. */ readonly member: string;
  /** Whether each value is wrapped in its own member. */ readonly wrapped: boolean;
  /** The member of an instance that holds the value. */ readonly holds: string;
};

const form = (kind: AttributeKind, member: string, wrapped = false): Form => ({
  member,
  wrapped,
  holds: VALUE_MEMBER[kind],
});

/** Clause 4.5.9: how each kind of attribute is simplified. */
export const SIMPLIFIED: Readonly<Record<AttributeKind, Form>> = {
  Property: form('Property', 'values'),
  GeoProperty: form('GeoProperty', 'values'),
  LanguageProperty: form('LanguageProperty', 'languageMaps', true),
  VocabProperty: form('VocabProperty', 'vocabs', true),
  ListProperty: form('ListProperty', 'valueLists'),
  JsonProperty: form('JsonProperty', 'jsons', true),
  Relationship: form('Relationship', 'objects'),
  ListRelationship: form('ListRelationship', 'objectLists'),
};
