export { convertUnit, findUnit, listUnits, type Unit } from './units.ts';
