import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { DOOR } from './cases.ts';

/** Clauses 5.9 and 5.10 of ETSI GS CIM 009 v1.9.1: the counties of Ningbo as sources of the city. */
export const BEILUN = 'urn:ngsi-ld:ContextSourceRegistration:beilun';
export const CIXI = 'urn:ngsi-ld:ContextSourceRegistration:cixi';
export const LIGHT = 'urn:ngsi-ld:Streetlight:beilun:1';
export const beilun = {
  id: BEILUN,
  type: 'ContextSourceRegistration',
  endpoint: 'http://beilun.example:1026',
  information: [
    {
      entities: [{ type: 'Streetlight', id: LIGHT }],
      propertyNames: ['illuminance', 'powerState'],
      relationshipNames: ['refStreetlightGroup'],
    },
    {
      entities: [
        { type: 'ParkingSpot', idPattern: '.*harbour$' },
        { type: 'ParkingSpot', idPattern: '.*47$' },
      ],
      propertyNames: ['status'],
    },
  ],
};
export const cixi = {
  id: CIXI,
  type: 'ContextSourceRegistration',
  endpoint: 'http://cixi.example:1026',
  information: [{ entities: [{ type: 'Streetlight' }] }],
};

export const at = (id: string) => `/csourceRegistrations/${id}`;

/** A house for the tests of one file, without registrations and entities before each. */
export const standRegister = () => {
  let house: House;
  beforeAll(async () => {
    house = await openTestHouse({ modules: [context] });
  }, 120_000);
  afterAll(() => house?.[Symbol.asyncDispose]());

  const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) =>
    house.app.inject({ method, url: DOOR + path, ...(payload ? { payload } : {}) });
  const find = async (query: string) => {
    const answer = await ask('GET', `/csourceRegistrations?${query}`);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json() as Record<string, unknown>[];
  };

  beforeEach(async () => {
    for (const { tenant, id } of await house.database.query<{ tenant: string; id: string }>(
      'select tenant, id from context.registrations',
    ))
      await house.app.inject({
        method: 'DELETE',
        url: DOOR + at(id),
        headers: tenant ? { 'ngsild-tenant': tenant } : {},
      });
    await house.database.query('truncate context.entities, context.history');
  });

  return {
    get house() {
      return house;
    },
    ask,
    find,
    register: async (payload: object) => {
      const made = await ask('POST', '/csourceRegistrations', payload);
      expect(made.statusCode, made.body).toBe(201);
      return made;
    },
    idsFor: async (query: string) => (await find(query)).map(({ id }) => id),
  };
};
