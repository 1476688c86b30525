import { expect, test } from 'vitest';
import { openAisReader } from './reader.ts';
import type { AisReport } from './report.ts';

/** Sentences that the public AIVDM documentation decodes; values by it and by a second implementation. */
const hear = (...lines: string[]): AisReport | undefined => {
  const reader = openAisReader();
  const heard = lines.map((line) => reader.hear(line, 0)).at(-1);
  return heard && 'report' in heard ? heard.report : undefined;
};

test('a class A ship says where she is, how fast and in which status', () => {
  expect(hear('!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C')).toEqual({
    type: 1,
    sender: 'vessel',
    mmsi: '477553000',
    status: 5,
    rateOfTurn: 0,
    speed: 0,
    accurate: false,
    position: [-122.3458333, 47.5828333],
    course: 51,
    heading: 181,
  });
  expect(hear('!AIVDM,1,1,,A,38Id705000rRVJhE7cl9n;160000,0*40')).toMatchObject({
    type: 3,
    mmsi: '563808000',
    position: [-76.3275333, 36.91],
    course: 252,
    heading: 352,
  });
});

test('what is marked as not available is absent', () => {
  expect(hear('!AIVDM,1,1,,A,16SteH0P00Jt63hHaa6SagvJ087r,0*42')).toMatchObject({
    mmsi: '440348000',
    position: [-70.7582, 43.08015],
    course: 93.4,
    heading: undefined, // 511
    rateOfTurn: undefined, // −128
  });
  expect(hear('!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A')).toMatchObject({
    mmsi: '371798000',
    rateOfTurn: undefined, // −127: turning to port, no sensor
    speed: 12.3,
    accurate: true,
    position: [-123.3953833, 48.3816333],
    course: 224,
    heading: 215,
  });
});

test('type 2 is read as type 1', () => {
  expect(hear('!AIVDM,1,1,,B,25Cjtd0Oj;Jp7ilG7=UkKBoB0<06,0*60')).toMatchObject({
    type: 2,
    mmsi: '356302000',
    speed: 13.9,
    position: [-71.6261433, 40.3923583],
    course: 87.7,
    heading: 91,
  });
});

test('a base station tells the time', () => {
  expect(hear('!AIVDM,1,1,,A,403OviQuMGCqWrRO9>E6fE700@GO,0*4D')).toEqual({
    type: 4,
    sender: 'base-station',
    mmsi: '003669702',
    utc: Date.UTC(2007, 4, 14, 19, 57, 39),
    accurate: true,
    position: [-76.3523617, 36.8837667],
  });
});

test('a ship says in two sentences what she is and where she is bound', () => {
  expect(
    hear(
      '!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C',
      '!AIVDM,2,2,1,A,88888888880,2*25',
    ),
  ).toEqual({
    type: 5,
    sender: 'vessel',
    mmsi: '351759000',
    imo: '9134270',
    callSign: '3FOF8',
    name: 'EVER DIADEM',
    shipType: 70,
    dimensions: { bow: 225, stern: 70, port: 1, starboard: 31 },
    arrival: { month: 5, day: 15, hour: 14, minute: 0 },
    draught: 12.2,
    destination: 'NEW YORK',
  });
});

test('a rescue aircraft tells its height', () => {
  expect(hear('!AIVDM,1,1,,A,91b77=h3h00nHt0Q3r@@07000<0b,0*69')).toEqual({
    type: 9,
    sender: 'aircraft',
    mmsi: '111265591',
    altitude: 15,
    speed: 0,
    accurate: false,
    position: [11.8816, 57.778455],
    course: 0,
  });
});

test('a class B ship says where she is', () => {
  expect(hear('!AIVDM,1,1,,A,B52K>;h00Fc>jpUlNV@ikwpUoP06,0*4C')).toEqual({
    type: 18,
    sender: 'vessel',
    mmsi: '338087471',
    speed: 0.1,
    accurate: false,
    position: [-74.0721317, 40.68454],
    course: 79.6,
    heading: undefined,
  });
  expect(
    hear('!AIVDM,1,1,,B,C5N3SRgPEnJGEBT>NhWAwwo862PaLELTBJ:V00000000S0D:R220,0*0B'),
  ).toMatchObject({
    type: 19,
    mmsi: '367059850',
    speed: 8.7,
    position: [-88.8103917, 29.543695],
    course: 335.9,
    name: 'CAPT.J.RIMES',
    shipType: 70,
    dimensions: { bow: 5, stern: 21, port: 4, starboard: 4 },
  });
});

test('a class B ship says in two messages what she is', () => {
  expect(hear('!AIVDM,1,1,,A,H42O55i18tMET00000000000000,2*6D')).toEqual({
    type: 24,
    sender: 'vessel',
    mmsi: '271041815',
    name: 'PROGUY',
  });
  expect(hear('!AIVDM,1,1,,A,H42O55lt0000000D3nink000?0500,0*70')).toMatchObject({
    type: 24,
    mmsi: '271041815',
    shipType: 60,
    callSign: 'TC6163',
    dimensions: { bow: 0, stern: 15, port: 0, starboard: 5 },
  });
});

test('an aid to navigation has a name and may be virtual', () => {
  expect(hear('!AIVDM,1,1,,B,E>kb9O9aS@7PUh10dh19@;0Tah2cWrfP:l?M`00003vP100,0*01')).toMatchObject({
    type: 21,
    sender: 'aid-to-navigation',
    mmsi: '993692028',
    aidType: 19,
    name: 'SF OAK BAY BR VAIS E',
    position: [-122.3698667, 37.8056217],
    virtual: true,
  });
});

test('a long-range report is coarse', () => {
  expect(hear('!AIVDM,1,1,,B,KC5E2b@U19PFdLbMuc5=ROv62<7m,0*16')).toMatchObject({
    type: 27,
    mmsi: '206914217',
    status: 2,
    position: [137.0233333, 4.84],
    speed: 57,
    course: 167,
  });
});
