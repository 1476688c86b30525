import type { Body } from './city.ts';
import type { Place } from './places.ts';

/** Lower is better: the whole name, its beginning, the beginning of a later word, anywhere (Chinese only). */
type Rank = 0 | 1 | 2 | 3;

const normal = (text: string) => text.normalize('NFKC').trim().toLowerCase();

const beginsWord = (text: string, wanted: string) => {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1))
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!)) return true;
  return false;
};

/** How well a name answers a text; undefined where it does not. */
export const rankOf = (
  name: { readonly zh: string; readonly en?: string },
  text: string,
): Rank | undefined => {
  const wanted = normal(text);
  if (wanted === '') return undefined;
  const [zh, en] = [normal(name.zh), normal(name.en ?? '')];
  if (zh === wanted || en === wanted) return 0;
  if (zh.startsWith(wanted) || en.startsWith(wanted)) return 1;
  if (beginsWord(en, wanted)) return 2;
  return zh.includes(wanted) ? 3 : undefined;
};

const best = <T extends { readonly name: { readonly zh: string; readonly en?: string } }>(
  items: readonly T[],
  text: string,
  limit: number,
): T[] =>
  items
    .flatMap((item, order) => {
      const rank = rankOf(item.name, text);
      return rank === undefined ? [] : [{ item, rank, order }];
    })
    .sort(
      (a, b) =>
        a.rank - b.rank || a.item.name.zh.length - b.item.name.zh.length || a.order - b.order,
    )
    .slice(0, limit)
    .map(({ item }) => item);

/** Places and bodies whose name holds the text: Chinese anywhere, English from the beginning of a word. Best first. */
export const searchRegisters = (
  given: { readonly places: readonly Place[]; readonly bodies: readonly Body[] },
  text: string,
  limit: number,
) => ({
  places: best(given.places, text, limit),
  bodies: best(given.bodies, text, limit),
});
