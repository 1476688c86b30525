import type { attributesZh } from './attribute-names.zh.ts';

/** English names where spelling the attribute's own name apart would puzzle. */
export const attributesEn: Partial<Record<keyof typeof attributesZh, string>> = {
  LAeq: 'Equivalent sound level',
  NH4: 'Ammonium',
  O2: 'Dissolved oxygen',
  aisShipType: 'AIS ship type',
  co: 'Carbon monoxide',
  intensity: 'Flow',
  mmsi: 'MMSI',
  no2: 'Nitrogen dioxide',
  o3: 'Ozone',
  pH: 'pH',
  pm10: 'PM10',
  pm25: 'PM2.5',
  so2: 'Sulphur dioxide',
  soilMoistureVwc: 'Soil moisture',
};
