const PROVISION = [
  'createEntity',
  'updateEntity',
  'appendAttrs',
  'updateAttrs',
  'deleteAttrs',
  'deleteEntity',
  'createBatch',
  'upsertBatch',
  'updateBatch',
  'deleteBatch',
  'upsertTemporal',
  'appendAttrsTemporal',
  'deleteAttrsTemporal',
  'updateAttrInstanceTemporal',
  'deleteAttrInstanceTemporal',
  'deleteTemporal',
  'mergeEntity',
  'replaceEntity',
  'replaceAttrs',
  'mergeBatch',
  'purgeEntity',
] as const;
const DISCOVERY = [
  'retrieveEntityTypes',
  'retrieveEntityTypeDetails',
  'retrieveEntityTypeInfo',
  'retrieveAttrTypes',
  'retrieveAttrTypeDetails',
  'retrieveAttrTypeInfo',
] as const;
const CONSUMPTION = [
  'retrieveEntity',
  'queryEntity',
  'queryBatch',
  'retrieveTemporal',
  'queryTemporal',
  ...DISCOVERY,
] as const;
const SUBSCRIPTION = [
  'createSubscription',
  'updateSubscription',
  'retrieveSubscription',
  'querySubscription',
  'deleteSubscription',
] as const;
const ENTITY_MAPS = [
  'retrieveEntityMap',
  'updateEntityMap',
  'deleteEntityMap',
  'createEntityMapQueryEntity',
] as const;

/** Table 4.20-1: what a source may be asked to do. */
const OPERATIONS = [
  ...PROVISION,
  ...CONSUMPTION,
  ...SUBSCRIPTION,
  ...ENTITY_MAPS,
  'createEntityMapQueryTemporal',
  'retrieveContextSourceIdentity',
] as const;
export type OperationName = (typeof OPERATIONS)[number];

const ASSOCIATION: readonly OperationName[] = [
  'retrieveEntity',
  'queryEntity',
  'queryBatch',
  ...DISCOVERY,
  ...SUBSCRIPTION,
  'retrieveContextSourceIdentity',
];
/** Table 4.20-2. */
const GROUPS = {
  federationOps: [...ASSOCIATION, ...ENTITY_MAPS],
  associationOps: ASSOCIATION,
  updateOps: ['updateEntity', 'updateAttrs', 'replaceEntity', 'replaceAttrs'],
  retrieveOps: ['retrieveEntity', 'queryEntity'],
  redirectionOps: [
    'createEntity',
    'updateEntity',
    'appendAttrs',
    'updateAttrs',
    'deleteAttrs',
    'deleteEntity',
    'mergeEntity',
    'replaceEntity',
    'replaceAttrs',
    'retrieveEntity',
    'queryEntity',
    'purgeEntity',
    ...DISCOVERY,
    ...ENTITY_MAPS,
    'retrieveContextSourceIdentity',
  ],
} as const satisfies Record<string, readonly OperationName[]>;

export const OPERATION_NAMES = [
  ...OPERATIONS,
  ...(Object.keys(GROUPS) as (keyof typeof GROUPS)[]),
] as const;
export type OfferedName = (typeof OPERATION_NAMES)[number];

/** The operations behind these names, each a single one or a group; federationOps where none is named (clause 4.20). */
export const operationsOf = (
  offered: readonly OfferedName[] = ['federationOps'],
): ReadonlySet<OperationName> =>
  new Set(
    offered.flatMap((name): readonly OperationName[] =>
      name in GROUPS ? GROUPS[name as keyof typeof GROUPS] : [name as OperationName],
    ),
  );
