import { Refusal } from '#kernel/errors';
import { findUnit } from '#kernel/units';
import { readObservedAt } from './observed-at.ts';
import { readPoint } from './point.ts';
import { readMessage, type SaidAttribute, type Translate } from './said.ts';
import { checkStorable } from './text.ts';

const NAME = /^\p{L}[\p{L}\p{N}_-]{0,99}$/u;
const ATTRIBUTES_MAX = 100;

/** Members with a meaning of their own. What the entity is was said when the device was registered. */
const NOT_ATTRIBUTES = new Set(['id', 'type', '@context', 'observedAt', 'mid', 'location']);

const isMeasurement = (value: object): value is { value: unknown; unitCode?: unknown } =>
  Object.hasOwn(value, 'value') &&
  Object.keys(value).every((key) => key === 'value' || key === 'unitCode' || key === 'type');

const readAttribute = (name: string, given: unknown): SaidAttribute | undefined => {
  if (!NAME.test(name))
    throw new Refusal(
      'invalid',
      `"${name.slice(0, 100)}" cannot name an attribute: a letter first, then letters, digits, _ and -.`,
      { member: name.slice(0, 100) },
    );
  const nested = typeof given === 'object' && given !== null && !Array.isArray(given);
  const { value, unitCode } = nested && isMeasurement(given) ? given : { value: given };
  if (value === null || value === undefined) return undefined;
  checkStorable(value, name);
  if (unitCode === undefined) return { name, type: 'Property', value };
  if (typeof unitCode !== 'string' || !findUnit(unitCode))
    throw new Refusal(
      'invalid',
      `${name}: ${JSON.stringify(unitCode)?.slice(0, 40)} is not among the UN/CEFACT unit codes known here; °C is CEL.`,
      { member: name },
    );
  if (typeof value !== 'number')
    throw new Refusal('invalid', `${name}: a value with a unit is a number.`, { member: name });
  return { name, type: 'Property', value, unitCode };
};

/**
 * The form that needs no mapping: `{ "temperature": 21.5, "observedAt": "…", "location": [lon, lat], "mid": 7 }`. Each
 * other member is an attribute, bare or as `{ "value": 21.5, "unitCode": "CEL" }`; null says nothing.
 */
export const translatePlain: Translate = (payload, { receivedAt, anyAge }) => {
  const attributes: SaidAttribute[] = [];
  for (const [name, value] of Object.entries(payload)) {
    const attribute = NOT_ATTRIBUTES.has(name) ? undefined : readAttribute(name, value);
    if (attribute) attributes.push(attribute);
  }
  const { location, observedAt, mid } = payload;
  if (location !== undefined && location !== null)
    attributes.push({
      name: 'location',
      type: 'GeoProperty',
      value: readPoint(location, 'location'),
    });
  if (attributes.length > ATTRIBUTES_MAX)
    throw new Refusal('invalid', `At most ${ATTRIBUTES_MAX} attributes a reading.`);
  return {
    attributes,
    ...(observedAt === undefined || observedAt === null
      ? {}
      : { observedAt: readObservedAt(observedAt, 'any', receivedAt, anyAge) }),
    ...(mid === undefined || mid === null ? {} : { message: readMessage(mid, 'mid') }),
  };
};
