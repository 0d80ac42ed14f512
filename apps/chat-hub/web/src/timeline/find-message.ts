import type { Hub } from '@parley/hub-client';
import { isHubError, type Message } from '@parley/hub-protocol';
import { sentenceOf } from '../hub/problem.ts';
import { goBeside } from '../shell/place.ts';
import type { Jump } from './use-jump.ts';

const page = 200;

export interface Search {
  readonly hub: Hub;
  readonly channelId: string;
  readonly messageId: string;
  readonly signal: AbortSignal;
  readonly tell: (jump: Jump) => void;
}

/** Brings older messages until one is here; of a reply, the message that its thread began with. */
export async function findMessage({ hub, channelId, messageId, signal, tell }: Search): Promise<void> {
  const messages = (): readonly Message[] => hub.snapshot().channels.get(channelId)?.messages ?? [];
  const look = async (): Promise<string> => {
    if (messages().some(({ id }) => id === messageId)) return messageId;
    tell({ at: 'looking', back: undefined });
    const target = await hub.call('readMessage', { params: { channelId, messageId } });
    let wanted = target;
    if (target.threadId !== null && !signal.aborted) {
      goBeside({ kind: 'thread', id: target.threadId });
      wanted = await hub.call('readMessage', { params: { channelId, messageId: target.threadId } });
    }
    for (let more = true; more && !signal.aborted;) {
      const [first] = messages();
      if (first !== undefined && first.seq <= wanted.seq) break;
      tell({ at: 'looking', back: first?.timestamp });
      more = await hub.loadOlder(channelId, page);
    }
    return wanted.id;
  };
  try {
    tell({ at: 'found', messageId: await look() });
  } catch (error) {
    const gone = isHubError(error) && (error.status === 404 || error.status === 400);
    const why = gone
      ? 'The message that the link leads to is not in this channel.'
      : `The message that the link leads to could not be brought. ${sentenceOf(error)}.`;
    tell({ at: 'failed', why, gone });
  }
}
