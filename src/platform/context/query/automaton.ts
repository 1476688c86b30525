/** A set of characters, and how a regular expression is made of them. */
export type Characters = (character: string) => boolean;

export type Node =
  | { readonly kind: 'set'; readonly has: Characters }
  | { readonly kind: 'start' | 'end' | 'empty' }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly min: number; readonly max: number };

type State =
  | { readonly on: 'set'; readonly has: Characters; readonly next: number }
  | { readonly on: 'start' | 'end'; readonly next: number }
  | { readonly on: 'fork'; next: number[] }
  | { readonly on: 'found' };

/** Thompson's construction, from the end backwards. */
const build = (root: Node, statesMax: number): { states: State[]; first: number } | undefined => {
  let full = false;
  const states: State[] = [{ on: 'found' }];
  const add = (state: State): number => {
    full ||= states.length >= statesMax;
    return full ? 0 : states.push(state) - 1;
  };
  const link = (node: Node, next: number): number => {
    if (full) return 0;
    switch (node.kind) {
      case 'empty':
        return next;
      case 'set':
        return add({ on: 'set', has: node.has, next });
      case 'start':
      case 'end':
        return add({ on: node.kind, next });
      case 'all':
        return node.of.reduceRight((after, part) => link(part, after), next);
      case 'any':
        return add({ on: 'fork', next: node.of.map((part) => link(part, next)) });
      case 'repeat': {
        let after = next;
        if (node.max === Infinity) {
          const fork: State = { on: 'fork', next: [next] };
          after = add(fork);
          fork.next.push(link(node.of, after));
        } else
          for (let n = node.min; n < node.max; n += 1)
            after = add({ on: 'fork', next: [next, link(node.of, after)] });
        for (let n = 0; n < node.min; n += 1) after = link(node.of, after);
        return after;
      }
    }
  };
  const first = link(root, 0);
  return full ? undefined : { states, first };
};

/**
 * Whether the expression occurs anywhere in a text, in time proportional to its length: all states are followed at
 * once. Undefined where it takes more than `statesMax` states.
 */
export const toMatcher = (
  root: Node,
  statesMax: number,
): ((text: string) => boolean) | undefined => {
  const built = build(root, statesMax);
  if (!built) return undefined;
  const { states, first } = built;
  return (text) => {
    const characters = [...text];
    let reached = new Set<number>();
    let found = false;
    const reach = (start: number, position: number): void => {
      const open = [start];
      for (let state = open.pop(); state !== undefined; state = open.pop()) {
        if (reached.has(state)) continue;
        reached.add(state);
        const at = states[state]!;
        if (at.on === 'found') found = true;
        else if (at.on === 'fork') open.push(...at.next);
        else if (
          at.on === 'start' ? position === 0 : at.on === 'end' && position === characters.length
        )
          open.push(at.next);
      }
    };
    reach(first, 0);
    for (let position = 0; position < characters.length; position += 1) {
      if (found) return true;
      const before = reached;
      reached = new Set();
      for (const state of before) {
        const at = states[state]!;
        if (at.on === 'set' && at.has(characters[position]!)) reach(at.next, position + 1);
      }
      reach(first, position + 1);
    }
    return found;
  };
};
