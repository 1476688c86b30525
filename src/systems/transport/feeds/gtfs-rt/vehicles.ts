import realtime from 'gtfs-realtime-bindings';
import { Refusal } from '#kernel/errors';
import {
  attributesAt,
  DEGREE,
  METRE,
  METRES_A_SECOND,
  PERCENT,
  type EntityPart,
} from '../../attributes.ts';
import { CONGESTIONS, OCCUPANCIES, STOP_STATUSES } from './names.ts';

const { FeedMessage } = realtime.transit_realtime;
type IVehiclePosition = realtime.transit_realtime.IVehiclePosition;
type IPosition = realtime.transit_realtime.IPosition;

/** The greatest feeds of a city of ten million are about 3 MB. */
export const FEED_BYTES_MAX = 32 * 1024 * 1024;

/** The name under which a feed's vehicles are known here: their ids are the operator's own. */
const FEED_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

export type VehicleFeed = {
  /** When the feed was made, ms since 1970. */
  readonly at: number;
  readonly vehicles: readonly EntityPart[];
  /** Entities of the feed that are no vehicle position: trip updates, alerts. */
  readonly others: number;
  /** Vehicle positions that cannot be used, with the reason. */
  readonly refused: readonly string[];
};

/** protobuf gives 64-bit numbers as Long; what is absent as null. */
const toMs = (seconds: unknown): number | undefined => {
  const ms = seconds === null || seconds === undefined ? 0 : Number(seconds) * 1000;
  return ms > 0 && ms < 8.64e15 ? ms : undefined;
};

/** What a message does not carry reads as its default; only what it does carry is a fact. */
const carried = <T extends object, K extends keyof T>(
  message: T,
  key: K,
): NonNullable<T[K]> | undefined =>
  Object.hasOwn(message, key) ? (message[key] ?? undefined) : undefined;

/** Positions are 32-bit floats: seven significant digits, so six decimals at most. */
const readPoint = ({ longitude, latitude }: IPosition): readonly [number, number] | undefined =>
  Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90
    ? [Number(longitude.toFixed(6)), Number(latitude.toFixed(6))]
    : undefined;

const finite = (value: number | undefined, decimals: number): number | undefined =>
  value !== undefined && Number.isFinite(value) && value >= 0
    ? Number(value.toFixed(decimals))
    : undefined;

/** No database keeps a NUL in text. */
const text = (value: string | null | undefined): string | undefined =>
  value?.replaceAll('\0', '') || undefined;

const readVehicle = (
  feed: string,
  position: IVehiclePosition,
  madeAt: number,
): EntityPart | string => {
  const { vehicle, trip } = position;
  const ownId = text(vehicle?.id) ?? text(vehicle?.label) ?? text(vehicle?.licensePlate);
  if (!ownId || ownId.length > 128)
    return 'a vehicle without an id, label or plate that could name it';
  const { written, fact, words, point } = attributesAt(toMs(position.timestamp) ?? madeAt);
  fact('feed', feed);
  fact('name', text(vehicle?.label) ?? ownId);
  fact('vehiclePlateIdentifier', text(vehicle?.licensePlate));
  const place = position.position;
  const where = place ? readPoint(place) : undefined;
  if (place && !where)
    return `vehicle ${ownId} is not on Earth: ${place.latitude}, ${place.longitude}`;
  point(where);
  if (place) {
    fact('bearing', finite(carried(place, 'bearing'), 1), DEGREE);
    fact('speed', finite(carried(place, 'speed'), 2), METRES_A_SECOND);
    fact('odometer', finite(carried(place, 'odometer'), 0), METRE);
  }
  fact('trip', text(trip?.tripId));
  fact('route', text(trip?.routeId));
  fact('direction', trip ? carried(trip, 'directionId') : undefined);
  fact('stop', text(position.stopId));
  fact('currentStopSequence', carried(position, 'currentStopSequence'));
  const status = carried(position, 'currentStatus');
  words('currentStatus', status === undefined ? undefined : STOP_STATUSES[status]);
  const occupancy = carried(position, 'occupancyStatus');
  words('occupancyStatus', occupancy === undefined ? undefined : OCCUPANCIES[occupancy]);
  fact('occupancyPercentage', carried(position, 'occupancyPercentage'), PERCENT);
  const congestion = carried(position, 'congestionLevel');
  words('congestionLevel', congestion === undefined ? undefined : CONGESTIONS[congestion]);
  return {
    id: `urn:ngsi-ld:Vehicle:${feed}-${encodeURIComponent(ownId)}`,
    type: 'Vehicle',
    ...written,
  };
};

const decode = (bytes: Uint8Array) => {
  if (bytes.length > FEED_BYTES_MAX)
    throw new Refusal('too-large', 'A GTFS Realtime feed may have at most 32 MiB.', {
      bytes: bytes.length,
    });
  try {
    return FeedMessage.decode(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal('invalid', `These bytes are no GTFS Realtime FeedMessage: ${why}.`);
  }
};

/**
 * The vehicle positions of a GTFS Realtime feed as parts of `Vehicle` entities, `urn:ngsi-ld:Vehicle:<feed>-<vehicle id>`.
 * Deleted entities are left out: the last known position stands. Throws Refusal('invalid') for bytes that are no feed or
 * a feed name that is none, 'too-large' beyond 32 MiB.
 */
export const readVehicleFeed = (feed: string, bytes: Uint8Array, now: number): VehicleFeed => {
  if (!FEED_NAME.test(feed))
    throw new Refusal('invalid', 'A feed name has small letters, digits and hyphens, at most 32.', {
      feed,
    });
  const message = decode(bytes);
  const at = toMs(message.header.timestamp) ?? now;
  const [vehicles, refused]: [EntityPart[], string[]] = [[], []];
  let others = 0;
  for (const entity of message.entity) {
    if (!entity.vehicle || entity.isDeleted) {
      others += 1;
      continue;
    }
    const read = readVehicle(feed, entity.vehicle, at);
    if (typeof read === 'string') refused.push(`entity ${entity.id}: ${read}`);
    else vehicles.push(read);
  }
  return { at, vehicles, others, refused };
};
