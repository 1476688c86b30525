export { convertUnit, findUnit, type Unit } from './units.ts';
