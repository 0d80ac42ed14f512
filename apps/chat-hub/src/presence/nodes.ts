import type { Presence } from '@parley/presence';
import { unheeded } from './asked.ts';

/** No channel of the chat has a name that is no id. */
const place = 'nodes of the hub';

/**
 * How many are taken to be there before it is known: a node that starts while the store is away would else have for itself all that they share, and so
 * would each of them.
 */
const untilKnown = 8;

export interface Nodes {
  /** How many there are, this one among them: as it was known last, while the store is away; before that, more than there are likely to be. */
  readonly count: () => number;
}

/** Says that this node is there, and hears of the others. With `presence` it leaves. */
export function openNodes(presence: Pick<Presence, 'connect' | 'watch'>, nodeId: string): Nodes {
  const here = presence.connect({ user: nodeId, connection: 'node' });
  unheeded(here.join(place));
  const watch = presence.watch(place, () => undefined);
  // Whoever knows anything knows of itself.
  return { count: () => watch.current.users || untilKnown };
}
