import { Type, type Static } from 'typebox';

const Count = Type.Integer({ minimum: 0 });
const ByType = Type.Record(Type.String({ pattern: '^[0-9]{1,2}$' }), Count);

/** What the AIS gateway is doing and has heard since the house started. */
export const AisStatus = Type.Object({
  /** Doors that are open, as `tcp 127.0.0.1:10110`; none when the gateway is off. */
  doors: Type.Array(Type.String()),
  receivers: Count,
  lastHeardAt: Type.Optional(Type.String({ format: 'date-time' })),
  heard: Type.Object({
    lines: Count,
    sentences: Count,
    badChecksum: Count,
    malformed: Count,
    empty: Count,
    incomplete: Count,
    otherSentences: Count,
    /** Messages read, and messages of types that are not read here, by message type. */
    decoded: ByType,
    undecoded: ByType,
  }),
  stored: Type.Object({ written: Count, refused: Count, lost: Count, waiting: Count }),
});
export type AisStatus = Static<typeof AisStatus>;
