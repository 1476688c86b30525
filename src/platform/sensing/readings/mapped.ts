import { Refusal } from '#kernel/errors';
import { convertUnit } from '#kernel/units';
import type { MappedAttribute, Mapping } from '../contract.ts';
import { readObservedAt } from './observed-at.ts';
import { parsePath, valueAt } from './path.ts';
import { readPoint } from './point.ts';
import { readMessage, type SaidAttribute, type Translate } from './said.ts';
import { checkStorable } from './text.ts';

const wrongType = (name: string, wanted: string, value: unknown) =>
  new Refusal('invalid', `${name}: ${JSON.stringify(value)?.slice(0, 60)} is not ${wanted}.`, {
    member: name,
  });

/** Many devices send numbers as text; nothing else is guessed. */
const readNumber = (name: string, value: unknown): number => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw wrongType(name, 'a number', value);
  return number;
};

const TRUE = new Set<unknown>([true, 1, 'true', '1', 'on']);
const FALSE = new Set<unknown>([false, 0, 'false', '0', 'off']);

const readBoolean = (name: string, value: unknown): boolean => {
  if (TRUE.has(value)) return true;
  if (FALSE.has(value)) return false;
  throw wrongType(name, 'true or false', value);
};

const readText = (name: string, value: unknown): string => {
  if (typeof value !== 'string' && typeof value !== 'number') throw wrongType(name, 'text', value);
  checkStorable(String(value), name);
  return String(value);
};

/** Reads one attribute out of a payload; undefined where it is absent and may be. */
const compileAttribute = ({
  name,
  path,
  type,
  unit,
  default: otherwise,
  required,
}: MappedAttribute) => {
  const steps = parsePath(path);
  if (unit && type !== 'number')
    throw new Refusal('invalid', `${name}: only numbers have units.`, { member: name });
  if (unit) convertUnit(0, unit.from, unit.to); // refuses unknown codes and unlike quantities now, not with each reading
  return (payload: unknown): SaidAttribute | undefined => {
    const value = valueAt(payload, steps) ?? otherwise;
    if (value === undefined || value === null) {
      if (required)
        throw new Refusal('invalid', `${name}: there is nothing at ${path}.`, { member: name });
      return undefined;
    }
    if (type === 'geo') return { name, type: 'GeoProperty', value: readPoint(value, name) };
    if (type === 'boolean') return { name, type: 'Property', value: readBoolean(name, value) };
    if (type === 'text') return { name, type: 'Property', value: readText(name, value) };
    const number = readNumber(name, value);
    return unit
      ? {
          name,
          type: 'Property',
          value: convertUnit(number, unit.from, unit.to),
          unitCode: unit.to,
        }
      : { name, type: 'Property', value: number };
  };
};

/** A mapping made ready for the hot path. Throws Refusal('invalid') where a path, a unit or a name cannot work. */
export const compileMapping = (mapping: Mapping): Translate => {
  const names = mapping.attributes.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice) throw new Refusal('invalid', `${twice} is mapped twice.`, { member: twice });
  const attributes = mapping.attributes.map(compileAttribute);
  const when = mapping.observedAt && {
    steps: parsePath(mapping.observedAt.path),
    format: mapping.observedAt.format,
  };
  const numbered = mapping.message === undefined ? undefined : parsePath(mapping.message);
  return (payload, { receivedAt, anyAge }) => {
    const at = when && valueAt(payload, when.steps);
    const message = numbered && valueAt(payload, numbered);
    return {
      attributes: attributes.map((read) => read(payload)).filter((said) => said !== undefined),
      ...(when && at !== undefined && at !== null
        ? { observedAt: readObservedAt(at, when.format, receivedAt, anyAge) }
        : {}),
      ...(message === undefined || message === null
        ? {}
        : { message: readMessage(message, 'message') }),
    };
  };
};
