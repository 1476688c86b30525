/**
 * The NGSI-LD core @context (GS CIM 009 V1.9.1, annex B), bundled so that the house starts without a network. Written
 * as a table: most terms are their own name under the ngsi-ld namespace, the rest are listed with their IRI.
 */
export const NGSI_LD = 'https://uri.etsi.org/ngsi-ld/';
/** The scope as an attribute (clauses 4.5.6 and 5.6.5). */
export const SCOPE = `${NGSI_LD}scope`;
export const DEFAULT_VOCAB = `${NGSI_LD}default-context/`;
const GEOJSON = 'https://purl.org/geojson/vocab#';

/** Any version of the core context is this one: later versions only add terms. */
export const CORE_CONTEXT_URL =
  /^https?:\/\/uri\.etsi\.org\/ngsi-ld\/(?:v1\/)?ngsi-ld-core-context(?:-v\d+\.\d+)?\.jsonld$/;
export const CORE_CONTEXT = `${NGSI_LD}v1/ngsi-ld-core-context-v1.9.jsonld`;

const split = (text: string) => text.trim().split(/\s+/);

const OWN_NAME = split(`
  accept Attribute AttributeList attributeList attributeName attributeNames attributes attributeTypes
  attrs avg cacheDuration contextSourceAlias contextSourceExtras ContextSourceIdentity
  contextSourceInfo ContextSourceNotification ContextSourceRegistration contextSourceTimeAt
  contextSourceUptime cooldown createdAt csf data datasetId Date DateTime deletedAt detail
  distinctCount endAt endpoint endTimeAt entities entity entityCount entityId entityList EntityType
  EntityTypeInfo EntityTypeList error errors expandValues expiresAt format GeoProperty geoproperty
  geoQ georel idPattern information instanceId isActive join jsonKeys JsonProperty jsons lang
  LanguageProperty lastFailure lastNotification lastSuccess linkedMaps ListProperty ListRelationship
  localOnly location management managementInterval max min mode modifiedAt Notification notification
  notificationTrigger notifiedAt notifierInfo notUpdated observationInterval observationSpace
  observedAt omit operations operationSpace pick Property propertyNames q reason receiverInfo
  refreshRate registrationId registrationName Relationship relationshipNames scope scopeQ showChanges
  startAt status stddev Subscription subscriptionId subscriptionName success sum sumsq sysAttrs
  TemporalProperty temporalQ tenant throttling Time timeAt timeInterval timeout timeproperty timerel
  timesFailed timesSent totalCount triggerReason typeList typeName typeNames unchanged unitCode
  updated uri VocabProperty watchedAttributes
`);

const OTHER_NAME: Readonly<Record<string, string>> = {
  attributeCount: `${DEFAULT_VOCAB}attributeCount`,
  attributeDetails: `${DEFAULT_VOCAB}attributeDetails`,
  bbox: `${GEOJSON}bbox`,
  containedBy: `${NGSI_LD}isContainedBy`,
  coordinates: `${GEOJSON}coordinates`,
  dataset: `${NGSI_LD}hasDataset`,
  description: 'http://purl.org/dc/terms/description',
  entityMap: `${NGSI_LD}hasEntityMap`,
  Feature: `${GEOJSON}Feature`,
  FeatureCollection: `${GEOJSON}FeatureCollection`,
  features: `${GEOJSON}features`,
  geometry: `${GEOJSON}geometry`,
  GeometryCollection: `${GEOJSON}GeometryCollection`,
  geometryProperty: `${GEOJSON}geometryProperty`,
  joinLevel: `${NGSI_LD}hasJoinLevel`,
  json: `${NGSI_LD}hasJSON`,
  key: `${NGSI_LD}hasKey`,
  languageMap: `${NGSI_LD}hasLanguageMap`,
  languageMaps: `${NGSI_LD}hasLanguageMaps`,
  LineString: `${GEOJSON}LineString`,
  MultiLineString: `${GEOJSON}MultiLineString`,
  MultiPoint: `${GEOJSON}MultiPoint`,
  MultiPolygon: `${GEOJSON}MultiPolygon`,
  object: `${NGSI_LD}hasObject`,
  objectList: `${NGSI_LD}hasObjectList`,
  objects: `${NGSI_LD}hasObjects`,
  objectsLists: `${NGSI_LD}hasObjectsLists`,
  objectType: `${NGSI_LD}hasObjectType`,
  Point: `${GEOJSON}Point`,
  Polygon: `${GEOJSON}Polygon`,
  previousJson: `${NGSI_LD}hasPreviousJson`,
  previousLanguageMap: `${NGSI_LD}hasPreviousLanguageMap`,
  previousObject: `${NGSI_LD}hasPreviousObject`,
  previousObjectList: `${NGSI_LD}hasPreviousObjectList`,
  previousValue: `${NGSI_LD}hasPreviousValue`,
  previousValueList: `${NGSI_LD}hasPreviousValueList`,
  previousVocab: `${NGSI_LD}hasPreviousVocab`,
  properties: `${GEOJSON}properties`,
  title: 'http://purl.org/dc/terms/title',
  value: `${NGSI_LD}hasValue`,
  valueList: `${NGSI_LD}hasValueList`,
  valueLists: `${NGSI_LD}hasValueLists`,
  values: `${NGSI_LD}hasValues`,
  vocab: `${NGSI_LD}hasVocab`,
  vocabs: `${NGSI_LD}hasVocabs`,
};

type Shape = { readonly '@type'?: string; readonly '@container'?: string };

/** Terms whose values are names, instants, lists …, by what they are. */
const SHAPES: readonly (readonly [Shape, readonly string[]])[] = [
  [
    { '@type': '@vocab' },
    split(`
  attributeList attributeName attributeNames attributes attributeTypes objectType previousVocab
  propertyNames relationshipNames typeList typeName typeNames vocab watchedAttributes
`),
  ],
  [
    { '@container': '@list' },
    split(`
  avg bbox coordinates distinctCount entityList jsons languageMaps max min objectList objects
  objectsLists previousObjectList previousValueList stddev sum sumsq totalCount valueList valueLists
  values vocabs
`),
  ],
  [
    { '@type': '@json' },
    split(`
  contextSourceExtras json previousJson
`),
  ],
  [
    { '@type': 'DateTime' },
    split(`
  contextSourceTimeAt createdAt deletedAt endAt endTimeAt expiresAt lastFailure lastNotification
  lastSuccess modifiedAt notifiedAt observedAt startAt timeAt
`),
  ],
  [
    { '@container': '@index' },
    split(`
  dataset
`),
  ],
  [
    { '@type': '@id' },
    split(`
  datasetId entityId instanceId object previousObject subscriptionId success tenant
`),
  ],
  [
    { '@container': '@set' },
    split(`
  features
`),
  ],
  [
    { '@container': '@language' },
    split(`
  languageMap previousLanguageMap
`),
  ],
];

const shapeOf = new Map(
  SHAPES.flatMap(([shape, terms]) => terms.map((term) => [term, shape] as const)),
);

export type TermDefinition = string | ({ readonly '@id': string } & Shape);

/** Every term of the core context with its definition. */
export const CORE_TERMS: Readonly<Record<string, TermDefinition>> = Object.fromEntries(
  [
    ['ngsi-ld', NGSI_LD] as const,
    ['geojson', GEOJSON] as const,
    ['id', '@id'] as const,
    ['type', '@type'] as const,
    ...OWN_NAME.map((term) => [term, `${NGSI_LD}${term}`] as const),
    ...Object.entries(OTHER_NAME),
  ].map(([term, iri]) => {
    const shape = shapeOf.get(term);
    return [term, shape ? { '@id': iri, ...shape } : iri];
  }),
);
