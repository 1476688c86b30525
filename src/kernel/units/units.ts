import { Refusal } from '#kernel/errors';

/**
 * A unit of measure by its UN/CEFACT Recommendation 20 code, as NGSI-LD's `unitCode` wants it. A value in this unit
 * times `scale` plus `offset` is the value in the base unit of its quantity.
 */
export type Unit = {
  readonly code: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly scale: number;
  readonly offset: number;
};

const unit = (quantity: string, code: string, symbol: string, scale = 1, offset = 0): Unit => ({
  code,
  symbol,
  quantity,
  scale,
  offset,
});

/** Codes and factors: UNECE Recommendation No. 20, annexes II and III. */
const UNITS: ReadonlyMap<string, Unit> = new Map(
  [
    unit('temperature', 'KEL', 'K'),
    unit('temperature', 'CEL', '°C', 1, 273.15),
    unit('temperature', 'FAH', '°F', 5 / 9, 459.67 * (5 / 9)),
    unit('length', 'MTR', 'm'),
    unit('length', 'MMT', 'mm', 1e-3),
    unit('length', 'CMT', 'cm', 1e-2),
    unit('length', 'KMT', 'km', 1e3),
    unit('length', 'FOT', 'ft', 0.3048),
    unit('length', 'NMI', 'nmi', 1852),
    unit('speed', 'MTS', 'm/s'),
    unit('speed', 'KMH', 'km/h', 1 / 3.6),
    unit('speed', 'KNT', 'kn', 1852 / 3600),
    unit('speed', 'HM', 'mph', 0.44704),
    unit('pressure', 'PAL', 'Pa'),
    unit('pressure', 'A97', 'hPa', 100),
    unit('pressure', 'KPA', 'kPa', 1e3),
    unit('pressure', 'MPA', 'MPa', 1e6),
    unit('pressure', 'BAR', 'bar', 1e5),
    unit('energy', 'JOU', 'J'),
    unit('energy', 'KWH', 'kWh', 3.6e6),
    unit('energy', 'MWH', 'MWh', 3.6e9),
    unit('power', 'WTT', 'W'),
    unit('power', 'KWT', 'kW', 1e3),
    unit('power', 'MAW', 'MW', 1e6),
    unit('apparent power', 'D46', 'V·A'),
    unit('apparent power', 'KVA', 'kV·A', 1e3),
    unit('voltage', 'VLT', 'V'),
    unit('voltage', 'KVT', 'kV', 1e3),
    unit('current', 'AMP', 'A'),
    unit('current', '4K', 'mA', 1e-3),
    unit('frequency', 'HTZ', 'Hz'),
    unit('frequency', 'MHZ', 'MHz', 1e6),
    unit('volume', 'MTQ', 'm³'),
    unit('volume', 'LTR', 'l', 1e-3),
    unit('volume flow', 'MQS', 'm³/s'),
    unit('volume flow', 'MQH', 'm³/h', 1 / 3600),
    unit('volume flow', 'L2', 'l/min', 1e-3 / 60),
    unit('volume flow', 'G51', 'l/s', 1e-3),
    unit('mass', 'KGM', 'kg'),
    unit('mass', 'GRM', 'g', 1e-3),
    unit('mass', 'TNE', 't', 1e3),
    unit('mass concentration', 'GP', 'mg/m³', 1e-6),
    unit('mass concentration', 'GQ', 'µg/m³', 1e-9),
    unit('mass concentration', 'M1', 'mg/l', 1e-3),
    unit('fraction', 'C62', ''),
    unit('fraction', 'P1', '%', 1e-2),
    unit('fraction', '59', 'ppm', 1e-6),
    unit('plane angle', 'C81', 'rad'),
    unit('plane angle', 'DD', '°', Math.PI / 180),
    unit('time', 'SEC', 's'),
    unit('time', 'C26', 'ms', 1e-3),
    unit('time', 'MIN', 'min', 60),
    unit('time', 'HUR', 'h', 3600),
    unit('time', 'DAY', 'd', 86_400),
    unit('sound level', '2N', 'dB'),
    unit('illuminance', 'LUX', 'lx'),
    unit('irradiance', 'D54', 'W/m²'),
    unit('acceleration', 'MSK', 'm/s²'),
    unit('acceleration', 'A76', 'Gal', 1e-2),
    unit('electrical conductivity', 'D10', 'S/m'),
    unit('electrical conductivity', 'H61', 'mS/cm', 0.1),
    unit('data rate', 'B80', 'Gbit/s', 1e9),
    unit('data rate', 'E20', 'Mbit/s', 1e6),
    unit('pH', 'Q30', 'pH'),
  ].map((u) => [u.code, u]),
);

export const findUnit = (code: string): Unit | undefined => UNITS.get(code);

/** All units known here, so that pages can show symbols. */
export const listUnits = (): readonly Unit[] => [...UNITS.values()];

const getUnit = (code: string): Unit => {
  const found = UNITS.get(code);
  if (!found)
    throw new Refusal('invalid', `There is no unit ${code} among the UN/CEFACT codes known here.`, {
      unitCode: code,
    });
  return found;
};

/** A difference keeps no more decimals than what it was taken from: 32 °F are 0 °C, not 5.7e-14. */
const withoutResidue = (difference: number, subtracted: number): number =>
  subtracted === 0
    ? difference
    : Number(difference.toFixed(12 - Math.floor(Math.log10(Math.abs(subtracted)))));

/**
 * The same quantity in another unit. Throws Refusal('invalid') where a code is unknown or the two measure different
 * quantities. Linear scales with an offset (temperatures) are treated as points on the scale, not differences.
 */
export const convertUnit = (value: number, from: string, to: string): number => {
  if (from === to) return value;
  const [source, target] = [getUnit(from), getUnit(to)];
  if (source.quantity !== target.quantity)
    throw new Refusal(
      'invalid',
      `${from} measures ${source.quantity}, ${to} measures ${target.quantity}.`,
      { from, to },
    );
  const base = value * source.scale + source.offset;
  const converted = withoutResidue(base - target.offset, target.offset) / target.scale;
  return Number(converted.toPrecision(14));
};
