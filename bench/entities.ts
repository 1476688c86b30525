/** A city of weather and air stations, trucks and lamps: 600 bytes each, spread over Ningbo. */
const KINDS = ['AirQualityObserved', 'WeatherObserved', 'Vehicle', 'Streetlight', 'WasteContainer'];
const NOTE = '宁波市城市感知网络监测设备，用于城市运行状态的实时监测与分析。'.repeat(2);

/** Always the same for the same number, so that runs compare. */
const noise = (n: number, salt: number) => {
  const x = Math.sin(n * 12.9898 + salt * 78.233) * 43_758.5453;
  return x - Math.floor(x);
};

export const entityId = (n: number) => `urn:ngsi-ld:${KINDS[n % KINDS.length]}:bench-${n}`;

/** In concise form; about 600 bytes. */
export const entity = (n: number, round = 0) => ({
  id: entityId(n),
  type: KINDS[n % KINDS.length],
  name: `监测点 ${n}`,
  reading: {
    value: Math.round(noise(n, round) * 1000) / 10,
    unitCode: 'GQ',
    observedAt: new Date(1_785_542_400_000 + round * 1000).toISOString(),
  },
  batteryLevel: { value: Math.round(noise(n, round + 7) * 100), unitCode: 'P1' },
  note: NOTE,
  location: { type: 'Point', coordinates: [121.0 + noise(n, 1) * 1.2, 29.3 + noise(n, 2) * 1.0] },
});
