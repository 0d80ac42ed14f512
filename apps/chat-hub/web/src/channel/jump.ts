import type { Message } from '@parley/hub-protocol';
import { go, hashOf, readPlace, type Place } from '../shell/place.ts';

/** Where there is room for one thing only, a panel hides what one jumps to. */
const isNarrow = (): boolean => matchMedia('(max-width: 1100px)').matches;

/** Where a message stands: replies in their thread, below the message that it hangs on. */
function placeOf({ channelId, id, threadId }: Message): Place {
  if (threadId !== null)
    return { view: 'channel', channelId, messageId: threadId, panel: { kind: 'thread', id: threadId } };
  const { panel } = readPlace(location.hash);
  return { view: 'channel', channelId, messageId: id, panel: isNarrow() ? undefined : panel };
}

export const linkTo = (message: Message): string => hashOf(placeOf(message));

export const jumpTo = (message: Message): void => go(placeOf(message));

/** Makes room for what stands in the middle. */
export function uncover(): void {
  if (isNarrow()) go({ ...readPlace(location.hash), panel: undefined });
}
