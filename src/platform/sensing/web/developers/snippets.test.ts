import { expect, test } from 'vitest';
import { curl, javascript, mosquitto, placeOf, python, type Trial } from './snippets.ts';

const trial: Trial = {
  id: 'sandbox-1',
  secret: 'sj_device_x',
  origin: 'https://city.example:8443',
  place: [121.55, 29.87],
};
const READING = '{"temperature": {"value": 21.5, "unitCode": "CEL"}, "location": [121.55, 29.87]}';

test('every way to send carries the same reading to the same device', () => {
  for (const code of [curl(trial), python(trial), javascript(trial)]) {
    expect(code).toContain('https://city.example:8443/api/sensing/devices/sandbox-1/readings');
    expect(code).toContain('Bearer sj_device_x');
    expect(code).toContain(READING);
  }
  const pub = mosquitto(trial, 1883);
  expect(pub).toContain('-h city.example -p 1883');
  expect(pub).toContain('-t devices/sandbox-1/readings');
  expect(pub).toContain(READING);
});

test('the reading is JSON', () => {
  expect(JSON.parse(READING)).toMatchObject({ location: [121.55, 29.87] });
});

test('a trial device stands near the centre, always at the same place', () => {
  const centre = [121.55, 29.87] as const;
  for (const id of ['sandbox-a', 'sandbox-8e50dc8f6429', '']) {
    const [lon, lat] = placeOf(id, [...centre]);
    expect(Math.abs(lon - centre[0])).toBeLessThanOrEqual(0.02001);
    expect(Math.abs(lat - centre[1])).toBeLessThanOrEqual(0.02001);
    expect(placeOf(id, [...centre])).toEqual([lon, lat]);
  }
  expect(placeOf('sandbox-a', [...centre])).not.toEqual(placeOf('sandbox-b', [...centre]));
});
