import { Refusal } from '#kernel/errors';
import { isIri } from '../jsonld/compile.ts';
import { NGSI_LD_NULL } from '../model.ts';

/** RFC 3986 leaves these out of URIs, RFC 3987 out of IRIs; what cannot be seen would name another thing than it seems to. */
const NOT_IN_URIS =
  /[<>"{}|\\^`\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u;

/** Whether this names something: "urn:ngsi-ld:null" names nothing (clause 4.5.0). */
export const isUri = (value: unknown): value is string =>
  typeof value === 'string' && value !== NGSI_LD_NULL && isIri(value) && !NOT_IN_URIS.test(value);

/** Clause 4.5.1: an entity is named by a URI. Throws Refusal('invalid'). */
export const checkId = (id: unknown, member = 'id'): string => {
  if (!isUri(id))
    throw new Refusal('invalid', `${member} must be a URI (clause 4.5.1).`, { member });
  return id;
};
