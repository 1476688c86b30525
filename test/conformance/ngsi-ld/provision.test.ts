import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { type Case, ERROR, run, VOCABULARY } from './cases.ts';

/** Expected values are those of ETSI GS CIM 009 v1.9.1, and of the public ETSI conformance suite where it has the case. */
const ID = 'urn:ngsi-ld:Vehicle:A4567';
const OTHER = 'urn:ngsi-ld:Vehicle:B9211';
const MISSING = 'urn:ngsi-ld:Vehicle:none';
const SPEED = { type: 'Property', value: 55, unitCode: 'KMH', observedAt: '2026-08-01T08:00:00Z' };
const GPS = { type: 'Property', value: 54, datasetId: 'urn:ngsi-ld:dataset:gps' };
const vehicle = (more: object = {}, id = ID) => ({ id, type: 'Vehicle', ...more });
const NULL = 'urn:ngsi-ld:null';

let house: House;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context] });
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());

const hold = (cases: readonly Case[]) => test.each(cases)('$is', (one) => run(house, one));

describe('5.6.1 Create Entity', () => {
  hold([
    {
      is: '6.4.3.1: a slash at the end does not make it another resource',
      ask: ['POST', '/entities/', vehicle()],
      status: 201,
      leaves: [`${ID}/`, vehicle()],
    },
    {
      is: '6.4.3.1: 201, an empty body and where it is',
      ask: ['POST', '/entities', vehicle({ speed: SPEED })],
      status: 201,
      body: '',
      answers: { location: `/ngsi-ld/v1/entities/${ID}` },
      leaves: [ID, vehicle({ speed: SPEED })],
    },
    {
      is: '5.6.1.4: one that is there is AlreadyExists',
      given: [vehicle()],
      ask: ['POST', '/entities', vehicle({ a: 1 })],
      status: 409,
      error: 'AlreadyExists',
      leaves: [ID, vehicle()],
    },
    {
      is: '5.5.4: what is not JSON is InvalidRequest',
      ask: ['POST', '/entities', '{"id": }'],
      status: 400,
      error: 'InvalidRequest',
    },
    {
      is: '5.5.4: an empty object is BadRequestData',
      ask: ['POST', '/entities', {}],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.5.4: a word of JSON-LD is no type',
      ask: ['POST', '/entities', { ...vehicle(), type: 'type' }],
      status: 400,
      error: 'BadRequestData',
      leaves: [ID, 404],
    },
    {
      is: '4.5.1: no type is BadRequestData',
      ask: ['POST', '/entities', { id: ID }],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '4.6.2: an id that is no URI is BadRequestData',
      ask: ['POST', '/entities', vehicle({}, 'A4567')],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '4.5.2: a Property without value is BadRequestData',
      ask: ['POST', '/entities', vehicle({ speed: { type: 'Property' } })],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '4.5.3: a Relationship without object is BadRequestData',
      ask: ['POST', '/entities', vehicle({ owner: { type: 'Relationship' } })],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '4.5.0: null as a value is BadRequestData',
      ask: ['POST', '/entities', vehicle({ speed: { type: 'Property', value: null } })],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.3.5: a @context in application/json is BadRequestData',
      ask: ['POST', '/entities', vehicle({ '@context': [] })],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.3.5: no @context in application/ld+json is BadRequestData',
      ask: ['POST', '/entities', vehicle()],
      headers: { 'content-type': 'application/ld+json' },
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.3.20: a parameter that it has not is InvalidRequest',
      ask: ['POST', '/entities?wish=1', vehicle()],
      status: 400,
      error: 'InvalidRequest',
    },
    {
      is: '6.3.4: another media type is just 415',
      ask: ['POST', '/entities', '<x/>'],
      headers: { 'content-type': 'application/xml' },
      status: 415,
      body: '',
    },
    {
      is: '6.3.4: no Content-Length is just 411',
      ask: ['POST', '/entities'],
      headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      status: 411,
      body: '',
    },
    {
      is: '6.3.14: the tenant is named in the answer',
      ask: ['POST', '/entities', vehicle()],
      headers: { 'ngsild-tenant': 'port' },
      status: 201,
      answers: { 'ngsild-tenant': 'port' },
      leaves: [ID, 404],
    },
  ]);
});

describe('5.6.6 Delete, 5.6.18 Replace and 5.6.17 Merge Entity', () => {
  hold([
    {
      is: '6.5.3.2: a deleted entity is gone',
      given: [vehicle()],
      ask: ['DELETE', ID],
      status: 204,
      body: '',
      leaves: [ID, 404],
    },
    {
      is: '5.6.6.4: an unknown one is ResourceNotFound',
      ask: ['DELETE', MISSING],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '5.6.6.4: an id that is no URI is BadRequestData',
      ask: ['DELETE', 'A4567'],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.5.3.3: what is replaced keeps nothing of before',
      given: [vehicle({ speed: SPEED, brand: 'x' })],
      ask: ['PUT', ID, vehicle({ heading: { type: 'Property', value: 9 } })],
      status: 204,
      leaves: [ID, vehicle({ heading: { type: 'Property', value: 9 } })],
    },
    {
      is: '5.6.18.4: replacing an unknown one is ResourceNotFound',
      ask: ['PUT', MISSING, vehicle({}, MISSING)],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '5.5.12: a merge keeps what it does not name',
      given: [vehicle({ speed: SPEED, brand: { type: 'Property', value: 'x' } })],
      ask: ['PATCH', ID, { speed: { value: 60 } }],
      status: 204,
      leaves: [
        ID,
        vehicle({ speed: { ...SPEED, value: 60 }, brand: { type: 'Property', value: 'x' } }),
      ],
    },
    {
      is: '5.5.12: a merge removes what it calls NGSI-LD Null',
      given: [vehicle({ speed: SPEED })],
      ask: ['PATCH', ID, { speed: NULL }],
      status: 204,
      leaves: [ID, vehicle()],
    },
    {
      is: '5.5.12: a merge goes into values of objects',
      given: [vehicle({ size: { type: 'Property', value: { l: 4, w: 2 } } })],
      ask: ['PATCH', ID, { size: { type: 'Property', value: { w: 3 } } }],
      status: 204,
      leaves: [ID, vehicle({ size: { type: 'Property', value: { l: 4, w: 3 } } })],
    },
    {
      is: '5.6.17.4: merging an unknown one is ResourceNotFound',
      ask: ['PATCH', MISSING, { a: 1 }],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '6.3.4: application/merge-patch+json is JSON',
      given: [vehicle()],
      ask: ['PATCH', ID, { a: { type: 'Property', value: 1 } }],
      headers: { 'content-type': 'application/merge-patch+json' },
      status: 204,
      leaves: [ID, vehicle({ a: { type: 'Property', value: 1 } })],
    },
    {
      is: '6.3.2: a method that it has not is 405 and names those it has',
      given: [vehicle()],
      ask: ['POST', ID, vehicle()],
      status: 405,
      answers: { allow: 'DELETE, GET, HEAD, PATCH, PUT' },
    },
  ]);
});

describe('5.6.3 Append and 5.6.2 Update Attributes', () => {
  const given = [vehicle({ speed: SPEED })];
  const next = { type: 'Property', value: 70 };
  hold([
    {
      is: '5.6.3.4: an attribute that is there is replaced',
      given,
      ask: ['POST', `${ID}/attrs`, { speed: next }],
      status: 204,
      leaves: [ID, vehicle({ speed: next })],
    },
    {
      is: '5.6.3.4: an instance of another dataset stands beside it',
      given,
      ask: ['POST', `${ID}/attrs`, { speed: GPS }],
      status: 204,
      leaves: [ID, vehicle({ speed: [SPEED, GPS] })],
    },
    {
      is: '5.6.3.4: noOverwrite leaves it and says so in full names',
      given,
      ask: [
        'POST',
        `${ID}/attrs?options=noOverwrite`,
        { speed: next, brand: { type: 'Property', value: 'x' } },
      ],
      status: 207,
      body: {
        updated: [`${VOCABULARY}brand`],
        notUpdated: [{ attributeName: `${VOCABULARY}speed`, reason: expect.any(String) }],
      },
      leaves: [ID, vehicle({ speed: SPEED, brand: { type: 'Property', value: 'x' } })],
    },
    {
      is: '6.3.20: options that it has not are InvalidRequest',
      given,
      ask: ['POST', `${ID}/attrs?options=overwrite`, { speed: next }],
      status: 400,
      error: 'InvalidRequest',
    },
    {
      is: '5.6.3.4: a type that it had not is added',
      given: [vehicle()],
      ask: ['POST', `${ID}/attrs`, { type: 'Bus' }],
      status: 204,
      leaves: [ID, { ...vehicle(), type: ['Vehicle', 'Bus'] }],
    },
    {
      is: '5.6.3.4: an unknown entity is ResourceNotFound',
      ask: ['POST', `${MISSING}/attrs`, { speed: next }],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '5.6.2.4: what the entity has not yet is appended',
      given,
      ask: ['PATCH', `${ID}/attrs`, { heading: next }],
      status: 204,
      leaves: [ID, vehicle({ speed: SPEED, heading: next })],
    },
    {
      is: '5.6.2.4: NGSI-LD Null removes the attribute',
      given,
      ask: ['PATCH', `${ID}/attrs`, { speed: { type: 'Property', value: NULL } }],
      status: 204,
      leaves: [ID, vehicle()],
    },
    {
      is: '5.6.2.4: an unknown entity is ResourceNotFound',
      ask: ['PATCH', `${MISSING}/attrs`, { speed: next }],
      status: 404,
      error: 'ResourceNotFound',
    },
  ]);
});

describe('5.6.4 Partial update, 5.6.19 Replace and 5.6.5 Delete Attribute', () => {
  const given = [vehicle({ speed: [SPEED, GPS] })];
  const one = [vehicle({ speed: SPEED })];
  hold([
    {
      is: '5.6.4.4: what is not named stays',
      given: one,
      ask: ['PATCH', `${ID}/attrs/speed`, { value: 60 }],
      status: 204,
      leaves: [ID, vehicle({ speed: { ...SPEED, value: 60 } })],
    },
    {
      is: '5.6.4.4: the instance of a dataset alone',
      given,
      ask: ['PATCH', `${ID}/attrs/speed`, { value: 60, datasetId: GPS.datasetId }],
      status: 204,
      leaves: [ID, vehicle({ speed: [SPEED, { ...GPS, value: 60 }] })],
    },
    {
      is: '5.6.4.4: an attribute that is not there is ResourceNotFound',
      given: one,
      ask: ['PATCH', `${ID}/attrs/heading`, { value: 60 }],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '5.6.4.4: a dataset that is not there is ResourceNotFound',
      given: one,
      ask: ['PATCH', `${ID}/attrs/speed`, { value: 60, datasetId: 'urn:ngsi-ld:dataset:x' }],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '5.6.4.4: the type of an attribute stays',
      given: one,
      ask: ['PATCH', `${ID}/attrs/speed`, { type: 'Relationship', object: 'urn:a:b' }],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.6.4.4: scope is not updated so',
      given: one,
      ask: ['PATCH', `${ID}/attrs/scope`, { value: '/a' }],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.6.19.4: what is replaced keeps nothing of before',
      given: one,
      ask: ['PUT', `${ID}/attrs/speed`, { type: 'Property', value: 1 }],
      status: 204,
      leaves: [ID, vehicle({ speed: { type: 'Property', value: 1 } })],
    },
    {
      is: '5.6.19.4: an attribute that is not there is ResourceNotFound',
      given: one,
      ask: ['PUT', `${ID}/attrs/heading`, { type: 'Property', value: 1 }],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '5.6.19.4: scope is not replaced so',
      given: one,
      ask: ['PUT', `${ID}/attrs/scope`, { type: 'Property', value: '/a' }],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.6.5.4: without datasetId the default instance goes',
      given,
      ask: ['DELETE', `${ID}/attrs/speed`],
      status: 204,
      leaves: [ID, vehicle({ speed: GPS })],
    },
    {
      is: '5.6.5.4: datasetId names the instance that goes',
      given,
      ask: ['DELETE', `${ID}/attrs/speed?datasetId=${GPS.datasetId}`],
      status: 204,
      leaves: [ID, vehicle({ speed: SPEED })],
    },
    {
      is: '5.6.5.4: deleteAll leaves none',
      given,
      ask: ['DELETE', `${ID}/attrs/speed?deleteAll=true`],
      status: 204,
      leaves: [ID, vehicle()],
    },
    {
      is: '5.6.5.4: an attribute that is not there is ResourceNotFound',
      given: one,
      ask: ['DELETE', `${ID}/attrs/heading`],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '5.6.5.4: scope goes',
      given: [vehicle({ scope: '/a' })],
      ask: ['DELETE', `${ID}/attrs/scope`],
      status: 204,
      leaves: [ID, vehicle()],
    },
  ]);
});

describe('5.6.7–5.6.10 and 5.6.20 batches', () => {
  const both = [vehicle(), vehicle({}, OTHER)];
  const exists = {
    entityId: ID,
    error: expect.objectContaining({ type: `${ERROR}AlreadyExists` }),
  };
  const missing = {
    entityId: ID,
    error: expect.objectContaining({ type: `${ERROR}ResourceNotFound` }),
  };
  hold([
    {
      is: '6.14.3.1: all created are listed',
      ask: ['POST', '/entityOperations/create', both],
      status: 201,
      body: [ID, OTHER],
    },
    {
      is: '6.14.3.1: some that exist make it 207',
      given: [vehicle()],
      ask: ['POST', '/entityOperations/create', both],
      status: 207,
      body: { success: [OTHER], errors: [exists] },
    },
    {
      is: '5.6.7.4: an empty batch is BadRequestData',
      ask: ['POST', '/entityOperations/create', []],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.6.7.4: a batch with null in it is BadRequestData',
      ask: ['POST', '/entityOperations/create', [null]],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.5.4: what is not JSON is InvalidRequest',
      ask: ['POST', '/entityOperations/create', '[{'],
      status: 400,
      error: 'InvalidRequest',
    },
    {
      is: '6.15.3.1: an upsert lists only those created',
      given: [vehicle()],
      ask: ['POST', '/entityOperations/upsert', both],
      status: 201,
      body: [OTHER],
    },
    {
      is: '6.15.3.1: an upsert that only changes is 204',
      given: both,
      ask: ['POST', '/entityOperations/upsert', both],
      status: 204,
      body: '',
    },
    {
      is: '5.6.8.4: an upsert replaces',
      given: [vehicle({ speed: SPEED })],
      ask: ['POST', '/entityOperations/upsert', [vehicle({ a: { type: 'Property', value: 1 } })]],
      status: 204,
      leaves: [ID, vehicle({ a: { type: 'Property', value: 1 } })],
    },
    {
      is: '5.6.8.4: options=update keeps what is not named',
      given: [vehicle({ speed: SPEED })],
      ask: [
        'POST',
        '/entityOperations/upsert?options=update',
        [vehicle({ a: { type: 'Property', value: 1 } })],
      ],
      status: 204,
      leaves: [ID, vehicle({ speed: SPEED, a: { type: 'Property', value: 1 } })],
    },
    {
      is: '6.16.3.1: an update of unknown ones is 207',
      given: [vehicle({}, OTHER)],
      ask: ['POST', '/entityOperations/update', both],
      status: 207,
      body: { success: [OTHER], errors: [missing] },
    },
    {
      is: '6.17.3.1: all deleted is 204',
      given: both,
      ask: ['POST', '/entityOperations/delete', [ID, OTHER]],
      status: 204,
      leaves: [ID, 404],
    },
    {
      is: '6.17.3.1: an unknown one is 207',
      given: [vehicle({}, OTHER)],
      ask: ['POST', '/entityOperations/delete', [ID, OTHER]],
      status: 207,
      body: { success: [OTHER], errors: [missing] },
    },
    {
      is: '6.31.3.1: a merge of all is 204',
      given: [vehicle({ speed: SPEED })],
      ask: ['POST', '/entityOperations/merge', [{ id: ID, speed: { value: 1 } }]],
      status: 204,
      leaves: [ID, vehicle({ speed: { ...SPEED, value: 1 } })],
    },
  ]);
});
