import { StatusTag, useTypeName, type Palette } from '#platform/ui/web';
import type { Offer, Source } from './sources.ts';
import { federationWords } from './words.ts';

const TONES: Readonly<Record<Source['state'], keyof Palette['tone']>> = {
  ok: 'ok',
  failed: 'alarm',
  unasked: 'quiet',
};

/** How a platform last answered. */
export function SourceState({ state }: { state: Source['state'] }) {
  const say = federationWords.useText();
  return <StatusTag tone={TONES[state]}>{say(state)}</StatusTag>;
}

/** What a platform gives, in words; each part of it is a line. */
export function useOfferText(): (offer: Offer) => string {
  const say = federationWords.useText();
  const typeName = useTypeName();
  return ({ entities, attributes }) => {
    const things = entities.map(({ types, id, idPattern }) => {
      const type =
        types.length > 0 ? types.map((one) => typeName(one)).join(' + ') : say('anyType');
      const which = id ? say('ids', { id }) : idPattern && say('pattern', { pattern: idPattern });
      return which ? `${type} (${which})` : type;
    });
    const what = things.length > 0 ? things.join(', ') : say('anyEntity');
    return `${what}: ${attributes.length > 0 ? attributes.join(', ') : say('anyAttribute')}`;
  };
}

const OFFERS_SHOWN_MAX = 3;

/** The first of what a platform gives, and how much more there is. */
export function Offers({ offers, all = false }: { offers: readonly Offer[]; all?: boolean }) {
  const say = federationWords.useText();
  const textOf = useOfferText();
  const shown = all ? offers : offers.slice(0, OFFERS_SHOWN_MAX);
  const rest = offers.length - shown.length;
  return (
    <ul className="sj-federation-offers" data-all={all || undefined}>
      {shown.map((offer) => {
        const text = textOf(offer);
        return <li key={text}>{text}</li>;
      })}
      {rest > 0 && <li>{say('more', { count: rest })}</li>}
    </ul>
  );
}
