import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, migrate, openTestDatabase, testEngines } from '#kernel/database';
import type { Attributes, Entity, Instance } from '../model.ts';
import { openBind } from './bind.ts';
import { matchesQuery } from './matches.ts';
import { parseQ } from './q.ts';
import { queryToSql } from './to-sql.ts';

const expand = (short: string) => (short.includes(':') ? short : `https://example.org/${short}`);
const property = (value: unknown, more: object = {}): Instance => ({
  type: 'Property',
  value,
  ...more,
});
const relationship = (object: string | string[]): Instance => ({ type: 'Relationship', object });
const words = (languageMap: Record<string, string | string[]>): Instance => ({
  type: 'LanguageProperty',
  languageMap,
});

/** One attribute each, by the short name of what it shows. */
const ATTRIBUTES: Record<string, readonly Instance[]> = {
  speed: [property(55, { observedAt: '2017-12-24T12:00:00.5Z', unitCode: 'KMH' })],
  speeds: [property(10, { datasetId: 'urn:a' }), property(90, { datasetId: 'urn:b' })],
  brandName: [property('Mercedes')],
  color: [property(['blue', 'red', 'green'])],
  isNew: [property(true)],
  address: [property({ city: 'Berlin', geo: { zone: 7 }, tags: ['a', 'b'] })],
  rows: [property([{ city: 'Ningbo' }, { city: 'Hangzhou' }])],
  sensor: [
    property(40, {
      [expand('rawdata')]: [property({ airquality: { particulate: 40, PM20: 85 } })],
    }),
  ],
  isParked: [relationship('urn:ngsi-ld:OffStreetParking:Downtown1')],
  drivers: [relationship(['urn:x:1', 'urn:x:2'])],
  members: [{ type: 'ListRelationship', objectList: ['urn:x:1', 'urn:x:2'] }],
  periods: [{ type: 'ListProperty', valueList: ['First', 2, true] }],
  name: [words({ fr: 'rouge', en: 'red', de: 'rot' })],
  animal: [words({ fr: ['chat', 'rouge'], en: ['red', 'cat'], de: ['rote', 'Katze'] })],
  gender: [{ type: 'VocabProperty', vocab: 'https://example.org/Male' }],
  tickets: [{ type: 'JsonProperty', json: { id: '85a6cc52', value: 'Overstay 60 minutes' } }],
  born: [property('1981-05-04')],
  opens: [property('08:30:00Z')],
  seen: [
    property('2020-01-01T00:00:00Z'),
    property('2021-01-01T00:00:00.25Z', { datasetId: 'urn:b' }),
  ],
  typed: [property({ '@type': 'DateTime', '@value': '2020-06-01T00:00:00Z' })],
  text: [property('line\nbreak')],
  big: [property(1e21)],
};

const ENTITY: Entity = {
  id: 'urn:ngsi-ld:Thing:1',
  types: [expand('Thing')],
  scopes: [],
  attributes: Object.fromEntries(
    Object.entries(ATTRIBUTES).map(([name, instances]) => [expand(name), instances]),
  ) as Attributes,
  createdAt: '2026-01-01T08:00:00.000Z',
  modifiedAt: '2026-02-01T08:00:00.000Z',
};

/** What clause 4.9 says of each; where it gives an example, that. */
const CASES: readonly (readonly [string, boolean])[] = [
  // existence
  ['speed', true],
  ['nothing', false],
  ['!nothing', true],
  ['!speed', false],
  ['speed.observedAt', true],
  ['brandName.observedAt', false],
  ['sensor.rawdata', true],
  ['sensor.other', false],
  ['address[city]', true],
  ['address[street]', false],
  ['name[en]', true],
  ['name[zh]', false],
  ['name[*]', true],
  ['createdAt', true],
  ['!createdAt', false],
  // equal, and lists of values
  ['speed==55', true],
  ['speed==55.0', true],
  ['speed==5.5e1', true],
  ['speed=="55"', false],
  ['speed==54,55', true],
  ['brandName=="Mercedes"', true],
  ['brandName==Mercedes', true],
  ['brandName=="mercedes"', false],
  ['color=="red"', true],
  ['color=="black"', false],
  ['color=="black","red"', true],
  ['color=="black", "white"', false],
  ['isNew==true', true],
  ['isNew==false', false],
  ['isNew=="true"', false],
  ['big==1e21', true],
  ['speeds==90', true],
  ['speeds==50', false],
  ['isParked=="urn:ngsi-ld:OffStreetParking:Downtown1"', true],
  ['isParked==urn:ngsi-ld:OffStreetParking:Downtown1', true],
  ['isParked=="urn:x:1"', false],
  ['drivers=="urn:x:2"', true],
  ['members=="urn:x:2"', true],
  ['members=="urn:x:3"', false],
  ['periods=="First"', true],
  ['periods==2', true],
  ['periods==true', true],
  ['periods==3', false],
  ['gender=="https://example.org/Male"', true],
  ['gender==Male', false],
  // ranges
  ['speed==50..60', true],
  ['speed==55..55', true],
  ['speed==56..60', false],
  ['speed!=10..20', true],
  ['speed!=50..60', false],
  ['brandName=="A".."N"', true],
  ['brandName=="N".."Z"', false],
  ['brandName!=1..2', true],
  ['color=="a".."z"', false],
  // unequal: the element is there, and differs in value or in kind
  ['brandName!="Mercedes"', false],
  ['brandName!="Audi"', true],
  ['nothing!="Audi"', false],
  ['speed!="55"', true],
  ['color!="red"', false],
  ['color!="black"', true],
  ['color!="black","red"', false],
  ['address!="Berlin"', true],
  ['speeds!=10', true],
  ['speed!=55', false],
  ['isParked!="urn:x:1"', true],
  ['isParked!=5', true],
  ['drivers!="urn:x:1"', false],
  ['members!="urn:x:1","urn:x:9"', false],
  ['address[street]!="x"', false],
  ['address[city]!="x"', true],
  // order
  ['speed>54', true],
  ['speed>55', false],
  ['speed>=55', true],
  ['speed<56', true],
  ['speed<=54', false],
  ['speed>"5"', false],
  ['brandName>"Audi"', true],
  ['brandName<"Audi"', false],
  ['color>"a"', false],
  ['isParked>"a"', false],
  ['members>"a"', false],
  ['isNew>0', false],
  ['name>"s"', false],
  ['name>"rot"', true],
  ['gender>"https"', true],
  // languages
  ['name=="rouge"', true],
  ['name[en]=="red"', true],
  ['name[fr]=="red"', false],
  ['name[*]=="rot"', true],
  ['name[*]=="rojo"', false],
  ['animal[en]=="red"', true],
  ['animal[fr]=="red"', false],
  ['animal[*]=="Katze"', true],
  ['name[en]!="red"', false],
  ['name[en]!="rouge"', true],
  ['name[*]!="rouge"', false],
  ['name[*]!="noir"', true],
  ['animal[en]!="red"', false],
  ['animal[de]!="red"', true],
  ['name[zh]!="x"', false],
  // JSON values (examples 9 to 11)
  ['address[city]=="Berlin"', true],
  ['address[geo.zone]>=7', true],
  ['address[geo.zone]==7', true],
  ['address[tags]=="b"', true],
  ['sensor.rawdata[airquality.particulate]==40', true],
  ['sensor.rawdata[airquality.PM20]<85', false],
  ['tickets[value]=="Overstay 60 minutes"', true],
  ['rows[city]=="Hangzhou"', true],
  ['rows[city]=="Berlin"', false],
  ['speed[city]=="Berlin"', false],
  // patterns
  ['brandName~=^Merc', true],
  ['brandName~=^merc', false],
  ['brandName~="(Audi|cedes)$"', true],
  ['speed~=5', false],
  ['color~=red', false],
  ['brandName!~=^Audi', true],
  ['brandName!~=^Merc', false],
  ['speed!~=x', false],
  ['nothing!~=x', false],
  ['text~=e.b', false],
  ['name~=^rot$', true],
  ['name[en]~=^rot$', false],
  ['name!~=^rot$', false],
  ['name!~=^rojo$', true],
  ['isParked~=urn', false],
  ['address[city]~=lin$', true],
  ['brandName~=\\w{8}', true],
  ['brandName~=[[:upper:]]e', true],
  // dates and times
  ['speed.observedAt>=2017-12-24T12:00:00Z', true],
  ['speed.observedAt>2017-12-24T12:00:00.500Z', false],
  ['speed.observedAt==2017-12-24T12:00:00.50Z', true],
  ['speed.observedAt==2017-12-24T12:00:00,5Z', true],
  ['speed.observedAt<2017-12-24T12:00:01Z', true],
  ['speed.observedAt!=2017-12-24T12:00:00.5Z', false],
  ['speed.observedAt!=2017-12-24T12:00:00Z', true],
  ['brandName.observedAt!=2017-12-24T12:00:00Z', false],
  ['speed.unitCode=="KMH"', true],
  ['speed.unitCode~=^K', true],
  ['speed.unitCode!="KMH"', false],
  ['born==1981-05-04', true],
  ['born<1982-01-01', true],
  ['born==1981-01-01..1981-12-31', true],
  ['born<1982-01-01T00:00:00Z', false],
  ['opens>=08:00:00Z', true],
  ['opens==08:30:00.000Z', true],
  ['opens>08:30:00Z', false],
  ['seen>2020-06-01T00:00:00Z', true],
  ['seen>2022-06-01T00:00:00Z', false],
  ['seen==2020-01-01T00:00:00.000Z,2019-01-01T00:00:00Z', true],
  ['seen==2021-01-01T00:00:00Z..2021-01-01T00:00:01Z', true],
  ['typed>2020-01-01T00:00:00Z', true],
  ['speed>2020-01-01T00:00:00Z', false],
  ['createdAt==2026-01-01T08:00:00Z', true],
  ['createdAt>2026-01-01T08:00:00Z', false],
  ['createdAt==2026-01-01T00:00:00Z..2026-01-02T00:00:00Z', true],
  ['createdAt!=2026-01-01T08:00:00Z', false],
  ['createdAt==5', false],
  ['createdAt!=5', true],
  // together
  ['speed>50;brandName!="Mercedes"', false],
  ['((speed>50|rpm>3000);brandName=="Mercedes")', true],
  ['(speed>=90;speed<=100)|brandName~=^M', true],
  ['nothing|speed>50;isNew==false', false],
];

describe.each(CASES)('%s', (text, expected) => {
  it(`is ${expected} of the thing at hand`, () => {
    expect(matchesQuery(parseQ(text, { expand }), ENTITY)).toBe(expected);
  });
});

describe.each(testEngines)('on %s', (engine) => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    await migrate(database, [
      { schema: 'context', folder: fileURLToPath(new URL('../migrations', import.meta.url)) },
    ]);
    await database.query(
      `insert into context.entities (tenant, id, types, attributes, created_at, modified_at) values ('', $1, $2, $3, $4, $5)`,
      [
        ENTITY.id,
        ENTITY.types,
        JSON.stringify(ENTITY.attributes),
        ENTITY.createdAt,
        ENTITY.modifiedAt,
      ],
    );
  }, 60_000);
  afterAll(() => database[Symbol.asyncDispose]());

  it.each(CASES)('%s is %s in the database too', async (text, expected) => {
    const { bind, values } = openBind();
    const condition = queryToSql(parseQ(text, { expand }), bind);
    const [row] = await database.query<{ holds: boolean | null }>(
      `select ${condition} as holds from context.entities e`,
      values,
    );
    expect(row?.holds ?? false).toBe(expected);
  });
});
