import type { LonLat } from '#platform/ui/web';

/** One thing to ask of the city; shown where this platform has the path. */
export type Example = {
  readonly text: 'readOne' | 'readQuery' | 'readHistory' | 'readChanges' | 'readSubscribe';
  /** Its path in the OpenAPI document. */
  readonly path: string;
  readonly code: string;
};

const NEAR_METRES = 20_000;

/** Questions to ask with curl; `entity` is the reader's own where there is one. */
export function listExamples(origin: string, entity: string, [lon, lat]: LonLat): Example[] {
  const ngsi = `${origin}/ngsi-ld/v1`;
  const subscription = [
    '{',
    '  "type": "Subscription",',
    '  "entities": [{"type": "WeatherObserved"}],',
    '  "watchedAttributes": ["temperature"],',
    '  "notification": {"endpoint": {"uri": "https://example.org/told"}}',
    '}',
  ].join('\n');
  return [
    {
      text: 'readOne',
      path: '/ngsi-ld/v1/entities/{entityId}',
      code: [`curl -G -d options=concise \\`, `  '${ngsi}/entities/${entity}'`].join('\n'),
    },
    {
      text: 'readQuery',
      path: '/ngsi-ld/v1/entities',
      code: [
        `curl -G '${ngsi}/entities' \\`,
        `  -d type=WeatherObserved -d options=keyValues -d limit=5 \\`,
        `  --data-urlencode 'q=temperature>0' \\`,
        `  -d geometry=Point -d 'coordinates=[${lon},${lat}]' \\`,
        `  --data-urlencode 'georel=near;maxDistance==${NEAR_METRES}'`,
      ].join('\n'),
    },
    {
      text: 'readHistory',
      path: '/ngsi-ld/v1/temporal/entities/{entityId}',
      code: [
        `curl -G -d attrs=temperature -d lastN=10 -d options=temporalValues \\`,
        `  '${ngsi}/temporal/entities/${entity}'`,
      ].join('\n'),
    },
    {
      text: 'readChanges',
      path: '/api/context/changes',
      code: `curl -N '${origin}/api/context/changes?types=Device'`,
    },
    {
      text: 'readSubscribe',
      path: '/ngsi-ld/v1/subscriptions',
      code: [
        `curl '${ngsi}/subscriptions' \\`,
        `  -H 'Authorization: Bearer $TOKEN' -H 'Content-Type: application/json' \\`,
        `  -d '${subscription}'`,
      ]
        .join('\n')
        .replace("'Authorization: Bearer $TOKEN'", '"Authorization: Bearer $TOKEN"'),
    },
  ];
}
