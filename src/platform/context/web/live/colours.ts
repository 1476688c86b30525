import type { ExpressionSpecification } from 'maplibre-gl';
import type { Scheme } from '#platform/ui/web';

const GOLDEN_ANGLE = 137.508; // neighbours in the list get hues far apart, however many there are
const FIRST_HUE = 190;

/** One colour a type: the same for the same list of types, told apart on the map of either scheme. */
export function typeColours(types: readonly string[], scheme: Scheme): ReadonlyMap<string, string> {
  const [saturation, lightness] = scheme === 'dark' ? [62, 66] : [68, 36];
  return new Map(
    [...types].sort().map((type, i) => {
      const hue = Math.round((FIRST_HUE + i * GOLDEN_ANGLE) % 360);
      return [type, `hsl(${hue}, ${saturation}%, ${lightness}%)`];
    }),
  );
}

/** The same as an expression of the map. */
export function colourByType(
  colours: ReadonlyMap<string, string>,
  or: string,
): string | ExpressionSpecification {
  if (colours.size === 0) return or;
  return ['match', ['get', 'type'], ...[...colours].flat(), or] as never;
}
