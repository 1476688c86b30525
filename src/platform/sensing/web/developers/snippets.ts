import type { LonLat } from '#platform/ui/web';

/** All that a first reading needs. */
export type Trial = {
  readonly id: string;
  readonly secret: string;
  /** The address of this platform, such as http://127.0.0.1:8080. */
  readonly origin: string;
  readonly place: LonLat;
};

const DEGREES_OFF = 0.02; // about 2 km: trial devices do not lie on top of each other

/** A place near the centre that is always the same for one device (its id by FNV-1a). */
export function placeOf(id: string, [lon, lat]: LonLat): LonLat {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  const off = (part: number) => ((part % 1_000) / 500 - 1) * DEGREES_OFF;
  const rounded = (degrees: number) => Math.round(degrees * 10_000) / 10_000;
  return [rounded(lon + off(hash)), rounded(lat + off(Math.floor(hash / 1_000)))];
}

const reading = ({ place }: Trial) =>
  `{"temperature": {"value": 21.5, "unitCode": "CEL"}, "location": [${place.join(', ')}]}`;
const address = ({ origin, id }: Trial) => `${origin}/api/sensing/devices/${id}/readings`;

export const curl = (trial: Trial): string =>
  [
    `curl ${address(trial)} \\`,
    `  -H 'Authorization: Bearer ${trial.secret}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${reading(trial)}'`,
  ].join('\n');

export const mosquitto = (trial: Trial, port: number): string =>
  [
    `mosquitto_pub -h ${new URL(trial.origin).hostname} -p ${port} -q 1 \\`,
    `  -u ${trial.id} -P ${trial.secret} \\`,
    `  -t devices/${trial.id}/readings \\`,
    `  -m '${reading(trial)}'`,
  ].join('\n');

export const python = (trial: Trial): string =>
  [
    'import json, urllib.request',
    '',
    `reading = ${reading(trial)}`,
    'request = urllib.request.Request(',
    `    "${address(trial)}",`,
    '    data=json.dumps(reading).encode(),',
    '    headers={',
    `        "Authorization": "Bearer ${trial.secret}",`,
    '        "Content-Type": "application/json",',
    '    },',
    ')',
    'print(urllib.request.urlopen(request).read().decode())',
  ].join('\n');

export const javascript = (trial: Trial): string =>
  [
    `const answer = await fetch('${address(trial)}', {`,
    `  method: 'POST',`,
    '  headers: {',
    `    Authorization: 'Bearer ${trial.secret}',`,
    `    'Content-Type': 'application/json',`,
    '  },',
    `  body: JSON.stringify(${reading(trial)}),`,
    '});',
    'console.log(answer.status, await answer.text());',
  ].join('\n');
