/** Metres from the position's reference point to bow, stern, port and starboard (M.1371-5, figure 41). */
export type Dimensions = {
  readonly bow: number;
  readonly stern: number;
  readonly port: number;
  readonly starboard: number;
};

/** Day and time without a year, as a ship announces its arrival (UTC). */
export type Arrival = {
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
};

export type Sender = 'vessel' | 'aircraft' | 'base-station' | 'aid-to-navigation';

/** What one AIS message says, in plain units. What it marks as not available is absent. */
export type AisReport = {
  /** Message type, 1 to 27. */
  readonly type: number;
  readonly sender: Sender;
  /** Nine digits, leading zeros kept. */
  readonly mmsi: string;
  readonly position?: readonly [lon: number, lat: number] | undefined;
  /** Better than 10 m. */
  readonly accurate?: boolean | undefined;
  /** Speed over ground in knots, course over ground and true heading in degrees, rate of turn in degrees a minute. */
  readonly speed?: number | undefined;
  readonly course?: number | undefined;
  readonly heading?: number | undefined;
  readonly rateOfTurn?: number | undefined;
  /** Navigational status, 0 to 14. */
  readonly status?: number | undefined;
  /** Metres above sea, of an aircraft. */
  readonly altitude?: number | undefined;
  readonly name?: string | undefined;
  readonly callSign?: string | undefined;
  /** Seven digits. */
  readonly imo?: string | undefined;
  readonly shipType?: number | undefined;
  readonly dimensions?: Dimensions | undefined;
  /** Metres. */
  readonly draught?: number | undefined;
  readonly destination?: string | undefined;
  readonly arrival?: Arrival | undefined;
  /** The mother ship's MMSI, of a craft associated with one. */
  readonly motherShip?: string | undefined;
  readonly aidType?: number | undefined;
  readonly virtual?: boolean | undefined;
  readonly offPosition?: boolean | undefined;
  /** A base station's clock, ms since 1970. */
  readonly utc?: number | undefined;
};
