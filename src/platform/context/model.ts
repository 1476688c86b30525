/**
 * An entity as we keep it: names are full IRIs (those of the default vocabulary as `:name`), every attribute is a list of its instances (one per datasetId), and
 * each instance carries the members of the NGSI-LD data model (GS CIM 009 V1.9.1, clause 4.5) under their own names.
 * Names of sub-attributes are IRIs and hold a colon, members never do, so the two cannot meet.
 */
export type Entity = {
  readonly id: string;
  /** Expanded type names; at least one. */
  readonly types: readonly string[];
  readonly scopes: readonly string[];
  readonly attributes: Attributes;
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly expiresAt?: string;
};

/** Attribute name (IRI) → its instances, the default instance first where there is one. */
export type Attributes = Readonly<Record<string, readonly Instance[]>>;

export const ATTRIBUTE_KINDS = [
  'Property',
  'Relationship',
  'GeoProperty',
  'LanguageProperty',
  'VocabProperty',
  'ListProperty',
  'ListRelationship',
  'JsonProperty',
] as const;
export type AttributeKind = (typeof ATTRIBUTE_KINDS)[number];

/** Where the value of each kind stands in an instance. */
export const VALUE_MEMBER = {
  Property: 'value',
  GeoProperty: 'value',
  Relationship: 'object',
  LanguageProperty: 'languageMap',
  VocabProperty: 'vocab',
  ListProperty: 'valueList',
  ListRelationship: 'objectList',
  JsonProperty: 'json',
} as const satisfies Record<AttributeKind, string>;

export type Instance = {
  readonly type: AttributeKind;
  readonly value?: unknown;
  readonly object?: string | readonly string[];
  readonly objectType?: string | readonly string[];
  readonly languageMap?: Readonly<Record<string, string | readonly string[]>>;
  readonly vocab?: string | readonly string[];
  readonly valueList?: readonly unknown[];
  readonly objectList?: readonly string[];
  readonly json?: unknown;
  readonly unitCode?: string;
  /** The datatype of the value, a full name (clause 4.5.2.2). */
  readonly valueType?: string;
  readonly observedAt?: string;
  /** When it is to be gone (clause 4.22). */
  readonly expiresAt?: string;
  /** Of a proof alone: what it vouches for (clause 4.5.2.2). */
  readonly entityIdSealed?: string;
  readonly entityTypeSealed?: string;
  readonly datasetId?: string;
  readonly createdAt?: string;
  readonly modifiedAt?: string;
  /** In the history alone: when it was deleted, the value being "urn:ngsi-ld:null" (clause 4.5.7). */
  readonly deletedAt?: string;
  /** In the history alone, where it was modified there: else it is named by its row (temporal/instance-id.ts). */
  readonly instanceId?: string;
  /** Sub-attributes by IRI. */
  readonly [iri: `${string}:${string}`]: readonly Instance[];
};

/** The value of an instance, whatever its kind. */
export const valueOf = (instance: Instance): unknown => instance[VALUE_MEMBER[instance.type]];

/** "urn:ngsi-ld:null" asks for removal (clause 4.5.0); it is never stored. */
export const NGSI_LD_NULL = 'urn:ngsi-ld:null';

/** What a caller sends: an entity or a fragment of one, already expanded and checked. */
export type Fragment = {
  readonly id: string;
  readonly types: readonly string[];
  readonly scopes?: readonly string[];
  readonly attributes: Attributes;
  /** An instant, or NGSI_LD_NULL where the entity is to stay for good. */
  readonly expiresAt?: string;
};
