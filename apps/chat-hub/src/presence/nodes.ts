import type { Presence } from '@parley/presence';
import { unheeded } from './asked.ts';

/** No channel of the chat has a name that is no id. */
const place = 'nodes of the hub';

export interface Nodes {
  /** How many there are, this one among them: as it was known last, while the store is away. */
  readonly count: () => number;
}

/** Says that this node is there, and hears of the others. With `presence` it leaves. */
export function openNodes(presence: Pick<Presence, 'connect' | 'watch'>, nodeId: string): Nodes {
  const here = presence.connect({ user: nodeId, connection: 'node' });
  unheeded(here.join(place));
  const watch = presence.watch(place, () => undefined);
  return { count: () => Math.max(1, watch.current.users) };
}
