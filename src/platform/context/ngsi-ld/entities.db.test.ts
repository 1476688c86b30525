import { describe, expect, test } from 'vitest';
import { testEngines } from '#kernel/database';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../module.ts';

const DOOR = '/ngsi-ld/v1';
const vehicle = (more: object = {}) => ({
  id: 'urn:ngsi-ld:Vehicle:A4567',
  type: 'Vehicle',
  brandName: { type: 'Property', value: 'Mercedes' },
  speed: { type: 'Property', value: 55, unitCode: 'KMH', observedAt: '2026-08-01T08:00:00Z' },
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [121.55, 29.87] } },
  isParked: {
    type: 'Relationship',
    object: 'urn:ngsi-ld:OffStreetParking:Downtown1',
    providedBy: { type: 'Relationship', object: 'urn:ngsi-ld:Person:Bob' },
  },
  ...more,
});

describe.each(testEngines)('entities on %s', (engine) => {
  const open = () => openTestHouse({ modules: [context], engine });

  test('what is created is read back as it was sent', async () => {
    await using house = await open();
    const made = await house.app.inject({
      method: 'POST',
      url: `${DOOR}/entities`,
      payload: vehicle(),
    });
    expect(made.statusCode).toBe(201);
    expect(made.headers.location).toBe(`${DOOR}/entities/urn:ngsi-ld:Vehicle:A4567`);
    const read = await house.app.inject(`${DOOR}/entities/urn:ngsi-ld:Vehicle:A4567`);
    expect(read.json()).toEqual(vehicle());
    const again = await house.app.inject({
      method: 'POST',
      url: `${DOOR}/entities`,
      payload: vehicle(),
    });
    expect(again.json()).toMatchObject({
      status: 409,
      type: 'https://uri.etsi.org/ngsi-ld/errors/AlreadyExists',
    });
  });

  test('a merge changes what it names and removes what it calls null', async () => {
    await using house = await open();
    await house.app.inject({ method: 'POST', url: `${DOOR}/entities`, payload: vehicle() });
    const merged = await house.app.inject({
      method: 'PATCH',
      url: `${DOOR}/entities/urn:ngsi-ld:Vehicle:A4567`,
      payload: { speed: { value: 60 }, brandName: 'urn:ngsi-ld:null', colour: 'red' },
    });
    expect(merged.statusCode).toBe(204);
    const read = await house.app.inject(
      `${DOOR}/entities/urn:ngsi-ld:Vehicle:A4567?options=concise`,
    );
    const { brandName: _gone, ...rest } = vehicle({
      speed: { value: 60, unitCode: 'KMH', observedAt: '2026-08-01T08:00:00Z' },
      colour: 'red',
      location: { type: 'Point', coordinates: [121.55, 29.87] },
      isParked: {
        object: 'urn:ngsi-ld:OffStreetParking:Downtown1',
        providedBy: { object: 'urn:ngsi-ld:Person:Bob' },
      },
    });
    expect(read.json()).toEqual(rest);
  });

  test('calls that come together share a commit and each gets its own answer', async () => {
    await using house = await open();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        house.app.inject({
          method: 'POST',
          url: `${DOOR}/entities`,
          payload: { id: `urn:ngsi-ld:T:${n % 60}`, type: 'T', n },
        }),
      ),
    );
    expect(answers.filter((a) => a.statusCode === 201)).toHaveLength(60);
    expect(answers.filter((a) => a.statusCode === 409)).toHaveLength(40);
    const [row] = await house.database.query<{ history: number; events: number }>(
      `select (select count(*) from context.history) as history, (select count(*) from kernel.outbox) as events`,
    );
    expect(row).toEqual({ history: 60, events: 60 });
  });
});
