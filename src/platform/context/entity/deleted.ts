import { type AttributeKind, type Instance, NGSI_LD_NULL, VALUE_MEMBER } from '../model.ts';

/** The instance that tells of a deletion (clauses 4.5.7 and 4.5.8): "urn:ngsi-ld:null" in the place of the value. */
export const deletedInstance = (
  type: AttributeKind,
  datasetId: string | undefined,
  at: string,
): Instance =>
  ({
    type,
    [VALUE_MEMBER[type]]: type === 'LanguageProperty' ? { '@none': NGSI_LD_NULL } : NGSI_LD_NULL,
    ...(datasetId === undefined ? {} : { datasetId }),
    deletedAt: at,
  }) as Instance;
