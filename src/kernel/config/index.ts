export { readConfig, type Config, type Role } from './config.ts';
export { readSettings } from './settings.ts';
