import { Type } from 'typebox';

const SELECTORS_MAX = 100;
const Text = Type.Optional(Type.String());

/** Clause 5.2.33, as lists of it stand in a Query and in a Subscription. */
export const EntitySelectors = Type.Optional(
  Type.Array(
    Type.Object(
      {
        type: Type.String(),
        id: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
        idPattern: Text,
      },
      { additionalProperties: false },
    ),
    { minItems: 1, maxItems: SELECTORS_MAX },
  ),
);

/** Clause 5.2.13. */
export const GeoQuery = Type.Optional(
  Type.Object(
    {
      georel: Type.String(),
      geometry: Type.String(),
      coordinates: Type.Unknown(),
      geoproperty: Text,
    },
    { additionalProperties: false },
  ),
);
