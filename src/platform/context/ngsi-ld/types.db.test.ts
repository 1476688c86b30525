import { describe, expect, test } from 'vitest';
import { testEngines } from '#kernel/database';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../module.ts';

const DOOR = '/ngsi-ld/v1';
const DEFAULT = 'https://uri.etsi.org/ngsi-ld/default-context/';

// Clauses 5.2.24–5.2.28: `id` is the full name, a URI, whatever the caller's context makes of the short one.
describe.each(testEngines)('types and attributes of the default vocabulary on %s', (engine) => {
  test('are identified by their URI', async () => {
    await using house = await openTestHouse({ modules: [context], engine });
    const get = async (path: string) => (await house.app.inject(`${DOOR}${path}`)).json();
    const payload = { id: 'urn:ngsi-ld:Lamp:1', type: 'Lamp', power: 60 };
    await house.app.inject({ method: 'POST', url: `${DOOR}/entities`, payload });

    expect(await get('/types/Lamp')).toMatchObject({
      id: `${DEFAULT}Lamp`,
      typeName: 'Lamp',
      attributeDetails: [{ id: `${DEFAULT}power`, attributeName: 'power' }],
    });
    expect(await get('/types?details=true')).toMatchObject([{ id: `${DEFAULT}Lamp` }]);
    expect(await get('/attributes/power')).toMatchObject({ id: `${DEFAULT}power` });
    expect(await get('/attributes?details=true')).toMatchObject([{ id: `${DEFAULT}power` }]);
    expect((await get('/types/Nothing')).detail).toContain(`${DEFAULT}Nothing`);
    expect((await get('/attributes/nothing')).detail).toContain(`${DEFAULT}nothing`);
  });
});
