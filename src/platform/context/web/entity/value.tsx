import type { Geometry } from 'geojson';
import type { ReactNode } from 'react';
import {
  formatNumber,
  formatTime,
  pick,
  useApi,
  useLanguage,
  type Language,
} from '#platform/ui/web';
import { contextWords } from '../words.ts';
import type { Fact } from './read-entity.ts';

const UNITS = '/api/house/units';

/** The symbol of a unit code of UN/CEFACT Recommendation 20; the code itself where we do not know it. */
export function useUnitSymbol(): (code: string | undefined) => string {
  const { data } = useApi<{ units: Readonly<Record<string, string>> }>(UNITS);
  return (code) => (code === undefined || !data ? '' : (data.units[code] ?? code));
}

const DIGITS = 4;
const PLACE_DIGITS = 5; // about a metre
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** The value of a fact with its unit, as a person reads it. */
export function Value({ fact }: { fact: Pick<Fact, 'kind' | 'value' | 'unitCode'> }): ReactNode {
  const say = contextWords.useText();
  const language = useLanguage();
  const unitSymbol = useUnitSymbol();
  const { kind, value, unitCode } = fact;
  if (typeof value === 'number')
    return (
      <>
        <span className="sj-fact-number">{formatNumber(value, language, DIGITS)}</span>{' '}
        {unitSymbol(unitCode)}
      </>
    );
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no');
  if (typeof value === 'string') return readText(value, language);
  if (kind === 'GeoProperty') return placeText(value as Geometry, language);
  if (kind === 'LanguageProperty') return languageText(value, language);
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
    return value.map((one) => readText(String(one), language)).join(', ');
  const dated = (value as { '@value'?: unknown } | null)?.['@value'];
  if (typeof dated === 'string') return readText(dated, language);
  return <code className="sj-fact-json">{JSON.stringify(value)}</code>;
}

function readText(text: string, language: Language): string {
  return TIME.test(text) && !Number.isNaN(Date.parse(text)) ? formatTime(text, language) : text;
}

function placeText(geometry: Geometry, language: Language): string {
  if (geometry.type !== 'Point') return geometry.type;
  return geometry.coordinates.map((one) => formatNumber(one, language, PLACE_DIGITS)).join(', ');
}

/** A language map in the language shown, else in whichever it has. */
export function languageText(value: unknown, language: Language): string {
  const map = value as Readonly<Record<string, string>>;
  const pair = { zh: map['zh'] ?? map['zh-CN'] ?? '', en: map['en'] ?? '' };
  return pick(pair, language, Object.values(map).flat()[0] ?? '');
}
