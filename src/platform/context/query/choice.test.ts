import { describe, expect, it } from 'vitest';
import { Refusal } from '#kernel/errors';
import { matchesScopes, parseScopes } from './scope.ts';
import { matchesTypes, parseTypes } from './type-selector.ts';

const expand = (short: string) => (short.includes(':') ? short : `urn:${short}`);
const isOf = (selection: string, ...types: string[]) =>
  matchesTypes(parseTypes(selection, expand)!, types.map(expand));
const isIn = (scopeQ: string, ...scopes: string[]) => matchesScopes(parseScopes(scopeQ), scopes);

describe('a type selection (clause 4.17)', () => {
  it.each([
    ['Building|House', ['House'], true], // example 1
    ['Building,House', ['House'], true],
    ['Building,House', ['Home'], false],
    ['(Home;Vehicle)', ['Home'], false], // example 2
    ['(Home;Vehicle)', ['Vehicle', 'Home', 'X'], true],
    ['(Home;Vehicle)|Motorhome', ['Motorhome'], true], // example 3
    ['(Home;Vehicle),Motorhome', ['Home'], false],
    ['https://example.org/Home', ['https://example.org/Home'], true],
  ])('%s of %j: %s', (selection, types, expected) =>
    expect(isOf(selection, ...types)).toBe(expected),
  );

  it('of * is every type', () => expect(parseTypes('*', expand)).toBeUndefined());
  it.each(['', 'A,', '(A;B', 'A;B', '((A))', 'A B', 'A|*'])('%j is refused', (text) =>
    expect(() => parseTypes(text, expand)).toThrow(Refusal),
  );
});

describe('a scope query (clause 4.19)', () => {
  it.each([
    ['/Madrid', ['/Madrid'], true], // example 1
    ['/Madrid', ['/Madrid/Gardens'], false],
    ['/Madrid/Gardens/#', ['/Madrid/Gardens'], true], // example 2
    ['/Madrid/Gardens/#', ['/Madrid/Gardens/ParqueNorte/Parterre1'], true],
    ['/Madrid/Gardens/#', ['/Madrid/GardensOther'], false],
    ['/Madrid/+/ParqueNorte', ['/Madrid/Sights/ParqueNorte'], true], // example 3
    ['/Madrid/+/ParqueNorte', ['/Madrid/ParqueNorte'], false],
    ['(/Madrid/Districts;/CompanyA)', ['/CompanyA', '/Madrid/Districts'], true], // example 4
    ['(/Madrid/Districts;/CompanyA)', ['/CompanyA'], false],
    ['(/Madrid/Districts;/CompanyA)|CompanyB', ['/CompanyB'], true], // example 5
    ['(/Madrid/Districts;/CompanyA),CompanyB', ['/CompanyB'], true],
    ['/Madrid/Districts;/CompanyA', ['/CompanyA', '/Madrid/Districts'], true],
    ['/Madrid/Districts;/CompanyA', ['/CompanyA'], false],
    ['/Madrid/Districts;/CompanyA|/CompanyB', ['/CompanyB'], true],
    ['/#', ['/Any'], true],
    ['/#', [], false],
    ['/宁波/+', ['/宁波/鄞州'], true],
  ])('%s of %j: %s', (scopeQ, scopes, expected) => expect(isIn(scopeQ, ...scopes)).toBe(expected));

  it.each(['', '/', '/a b', '/a/#/b', '/a/.*', '(/a;/b', '/9'])('%j is refused', (text) =>
    expect(() => parseScopes(text)).toThrow(Refusal),
  );
});
