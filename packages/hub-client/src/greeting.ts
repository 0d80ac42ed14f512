import type { ClientFrameOf, limits } from '@parley/hub-protocol';
import type { Positions } from './options.ts';

export type Greeting = Pick<ClientFrameOf<'hello'>, 'epoch' | 'positions' | 'subscribe' | 'session'>;

/** As of the protocol, whose table of limits is not worth its weight here. */
const mostPositions = 2_000 satisfies (typeof limits)['positions'];

/** What a client says of itself with each connection. */
export function greetingOf(
  known: Positions | undefined,
  subscribe: 'joined' | readonly string[],
  session: string,
): Greeting {
  // Channels beyond that are heard from now on, and what they have missed is found by their heads.
  const told = Object.entries(known?.positions ?? {}).slice(0, mostPositions);
  return {
    ...(known !== undefined && { epoch: known.epoch, positions: Object.fromEntries(told) }),
    subscribe: subscribe === 'joined' ? subscribe : [...subscribe],
    session,
  };
}
