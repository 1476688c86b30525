export { openHouse, type House, type HouseSettings } from './house.ts';
export { migrateHouse, openHouseDatabase, schemasOf } from './house-database.ts';
export { OWN_ACTIONS, OWN_ACTS } from './own-routes.ts';
