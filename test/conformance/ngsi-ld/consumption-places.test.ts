import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { type Case, run } from './cases.ts';

/** Which entities are meant by their scopes, and by areas as people draw them: ETSI GS CIM 009 V1.9.1. */
const [A, B] = ['urn:ngsi-ld:Dock:beilun', 'urn:ngsi-ld:Dock:zhenhai'];
const dock = (id: string, more: object) => ({ id, type: 'Dock', ...more });

let house: House;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context] });
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());

const hold = (cases: readonly Case[]) => test.each(cases)('$is', (one) => run(house, one));
const ids = (...some: string[]) => some.map((id) => expect.objectContaining({ id }));

describe('4.19 Scope queries', () => {
  const given = [
    dock(A, { scope: ['/Ningbo/Beilun', '/Port'] }),
    dock(B, { scope: '/Ningbo/Zhenhai' }),
  ];
  const finds = (scopeQ: string, ...some: string[]): Case => ({
    is: `4.19: ${scopeQ}`,
    given,
    ask: ['GET', `/entities?type=Dock&scopeQ=${encodeURIComponent(scopeQ)}`],
    status: 200,
    body: ids(...some),
  });
  hold([
    finds('(/Ningbo/Beilun;/Port)', A),
    finds('/Ningbo/Beilun;/Port', A),
    finds('/Ningbo/Zhenhai;/Port'),
    finds('/Ningbo/Beilun;/Port|/Ningbo/Zhenhai', A, B),
    finds('/Ningbo/Zhenhai,/Port', A, B),
    {
      is: '4.19: a parenthesis that is not closed is BadRequestData',
      ask: ['GET', '/entities?type=Dock&scopeQ=(/Ningbo;/Port'],
      status: 400,
      error: 'BadRequestData',
    },
  ]);
});

describe('4.7.1 and 4.10 Areas that cross themselves', () => {
  // Its last edge cuts off a corner at 121.801, 29.949, as a finger does on a map.
  const ring = [
    [121.8, 29.95],
    [121.802, 29.95],
    [121.79, 29.9],
    [121.9, 29.89],
    [121.92, 29.94],
    [121.8, 29.95],
  ];
  const drawn = { type: 'GeoProperty', value: { type: 'Polygon', coordinates: [ring] } };
  const box = [
    [122, 29.9],
    [122.1, 29.9],
    [122.1, 29.95],
    [122, 29.95],
    [122, 29.9],
  ];
  const given = [
    dock(A, { location: drawn }),
    dock(B, { location: { type: 'GeoProperty', value: { type: 'Polygon', coordinates: [box] } } }),
  ];
  const finds = (
    georel: string,
    geometry: string,
    coordinates: unknown,
    ...some: string[]
  ): Case => ({
    is: `4.10: ${georel} ${geometry} ${JSON.stringify(coordinates)}`,
    given,
    ask: [
      'GET',
      `/entities?type=Dock&georel=${georel}&geometry=${geometry}&coordinates=${JSON.stringify(coordinates)}`,
    ],
    status: 200,
    body: ids(...some),
  });
  hold([
    {
      is: '4.7.1: they stay as they were given',
      given,
      ask: ['GET', A],
      status: 200,
      body: given[0],
    },
    finds('equals', 'Polygon', [ring], A),
    finds('within', 'Polygon', [ring], A),
    finds('contains', 'Point', [121.85, 29.92], A),
    finds('disjoint', 'Polygon', [ring], B),
    finds('near;maxDistance==100', 'Point', [121.85, 29.92], A),
    {
      is: '4.7.1: rings of a polygon that cross each other are BadRequestData',
      ask: [
        'POST',
        '/entities',
        dock(A, {
          location: {
            type: 'GeoProperty',
            value: { type: 'Polygon', coordinates: [ring, box.map(([x, y]) => [x! - 0.15, y])] },
          },
        }),
      ],
      status: 400,
      error: 'BadRequestData',
    },
  ]);
});

describe('5.7.2.4 Too wide queries', () => {
  hold(
    ['attrs=id,type', 'attrs=createdAt', 'q=createdAt', 'scopeQ=/Ningbo'].map((query) => ({
      is: `5.7.2.4: ${query} tells nothing apart`,
      ask: ['GET', `/entities?${query}`],
      status: 400,
      error: 'BadRequestData',
    })),
  );
});

describe('6.3.11 What the system sets', () => {
  const given = [
    dock(A, {
      expiresAt: '2100-01-01T00:00:00Z',
      depth: { type: 'Property', value: 17, expiresAt: '2100-01-01T00:00:00Z' },
    }),
  ];
  const asked = (path: string, isThere: boolean): Case => ({
    is: `6.3.11: expiresAt is ${isThere ? '' : 'not '}told by ${path}`,
    given,
    ask: ['GET', path],
    status: 200,
    body: expect.objectContaining({
      depth: [
        isThere
          ? expect.objectContaining({ expiresAt: '2100-01-01T00:00:00Z' })
          : expect.not.objectContaining({ expiresAt: expect.anything() }),
      ],
    }),
  });
  hold([
    asked(`/temporal/entities/${A}`, false),
    asked(`/temporal/entities/${A}?options=sysAttrs`, true),
  ]);
});
