export { openHouse, type House, type HouseSettings } from './house.ts';
