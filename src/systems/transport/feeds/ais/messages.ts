import type { Bits } from './bits.ts';
import {
  readArrival,
  readCoarsePosition,
  readCourse,
  readDimensions,
  readImo,
  readMmsi,
  readPosition,
  readRateOfTurn,
  readShipType,
  readSpeed,
  readStatus,
  readWholeDegrees,
} from './fields.ts';
import type { AisReport } from './report.ts';

type Facts = Omit<AisReport, 'type' | 'mmsi'>;
type Message = {
  /** Shortest message that still holds its last field; many transponders leave the spare bits out. */
  readonly bitsMin: number;
  /** Undefined where the message contradicts itself. */
  readonly read: (bits: Bits) => Facts | undefined;
};

/** Types 1, 2, 3: position of a class A ship. */
const classA: Message = {
  bitsMin: 143,
  read: (bits) => ({
    sender: 'vessel',
    status: readStatus(bits, 38),
    rateOfTurn: readRateOfTurn(bits, 42),
    speed: readSpeed(bits, 50),
    accurate: bits.flag(60),
    position: readPosition(bits, 61),
    course: readCourse(bits, 116),
    heading: readWholeDegrees(bits, 128),
  }),
};

const readUtc = (bits: Bits): number | undefined => {
  const [year, month, day] = [bits.unsigned(38, 14), bits.unsigned(52, 4), bits.unsigned(56, 5)];
  const [hour, minute, second] = [bits.unsigned(61, 5), bits.unsigned(66, 6), bits.unsigned(72, 6)];
  if (year === 0 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59)
    return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
};

const baseStation: Message = {
  bitsMin: 134,
  read: (bits) => ({
    sender: 'base-station',
    utc: readUtc(bits),
    accurate: bits.flag(78),
    position: readPosition(bits, 79),
  }),
};

/** Type 5: what a class A ship is and where it is bound. */
const voyage: Message = {
  bitsMin: 302,
  read: (bits) => ({
    sender: 'vessel',
    imo: readImo(bits, 40),
    callSign: bits.text(70, 7),
    name: bits.text(112, 20),
    shipType: readShipType(bits, 232),
    dimensions: readDimensions(bits, 240),
    arrival: readArrival(bits, 274),
    draught: bits.unsigned(294, 8) / 10 || undefined,
    destination: bits.text(302, 20),
  }),
};

const rescueAircraft: Message = {
  bitsMin: 128,
  read: (bits) => {
    const [altitude, knots] = [bits.unsigned(38, 12), bits.unsigned(50, 10)];
    return {
      sender: 'aircraft',
      altitude: altitude === 4095 ? undefined : altitude,
      speed: knots === 1023 ? undefined : knots,
      accurate: bits.flag(60),
      position: readPosition(bits, 61),
      course: readCourse(bits, 116),
    };
  },
};

const readClassB = (bits: Bits): Facts => ({
  sender: 'vessel',
  speed: readSpeed(bits, 46),
  accurate: bits.flag(56),
  position: readPosition(bits, 57),
  course: readCourse(bits, 112),
  heading: readWholeDegrees(bits, 124),
});

const classB: Message = { bitsMin: 133, read: readClassB };

const classBExtended: Message = {
  bitsMin: 301,
  read: (bits) => ({
    ...readClassB(bits),
    name: bits.text(143, 20),
    shipType: readShipType(bits, 263),
    dimensions: readDimensions(bits, 271),
  }),
};

const aidToNavigation: Message = {
  bitsMin: 271,
  read: (bits) => ({
    sender: 'aid-to-navigation',
    aidType: bits.unsigned(38, 5),
    name: [bits.text(43, 20), bits.text(272, 14)].join('').trim() || undefined,
    accurate: bits.flag(163),
    position: readPosition(bits, 164),
    dimensions: readDimensions(bits, 219),
    offPosition: bits.unsigned(253, 6) <= 59 ? bits.flag(259) : undefined, // without a fix the flag says nothing
    virtual: bits.flag(269),
  }),
};

/** Type 24: part A has the name; part B what it is. Craft of a mother ship (98…) give her MMSI where others have dimensions. */
const classBStatic: Message = {
  bitsMin: 160,
  read: (bits) => {
    const part = bits.unsigned(38, 2);
    if (part === 0) return { sender: 'vessel', name: bits.text(40, 20) };
    if (part !== 1 || bits.length < 162) return undefined;
    const ofMotherShip = readMmsi(bits, 8).startsWith('98');
    return {
      sender: 'vessel',
      shipType: readShipType(bits, 40),
      callSign: bits.text(90, 7),
      ...(ofMotherShip
        ? { motherShip: readMmsi(bits, 132) }
        : { dimensions: readDimensions(bits, 132) }),
    };
  },
};

const longRange: Message = {
  bitsMin: 94,
  read: (bits) => {
    const knots = bits.unsigned(79, 6);
    return {
      sender: 'vessel',
      accurate: bits.flag(38),
      status: readStatus(bits, 40),
      position: readCoarsePosition(bits, 44),
      speed: knots === 63 ? undefined : knots,
      course: readWholeDegrees(bits, 85),
    };
  },
};

/** The messages read here, by type (ITU-R M.1371-5, annex 8). */
const MESSAGES: Readonly<Record<number, Message>> = {
  1: classA,
  2: classA,
  3: classA,
  4: baseStation,
  5: voyage,
  9: rescueAircraft,
  18: classB,
  19: classBExtended,
  21: aidToNavigation,
  24: classBStatic,
  27: longRange,
};

export type Decoded =
  | { readonly report: AisReport }
  /** A message type that is not read here. */
  | { readonly undecoded: number }
  | 'malformed';

/** Reads one whole message. Never throws, whatever the bits. */
export const decodeMessage = (bits: Bits): Decoded => {
  if (bits.length < 38) return 'malformed';
  const type = bits.unsigned(0, 6);
  if (type < 1 || type > 27) return 'malformed';
  const message = MESSAGES[type];
  if (!message) return { undecoded: type };
  if (bits.length < message.bitsMin) return 'malformed';
  const facts = message.read(bits);
  return facts ? { report: { type, mmsi: readMmsi(bits, 8), ...facts } } : 'malformed';
};
