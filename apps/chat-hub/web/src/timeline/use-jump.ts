import type { Message } from '@parley/hub-protocol';
import { isHubError } from '@parley/hub-protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useHub, useHubState } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { goBeside } from '../shell/place.ts';

export type Jump =
  | { readonly at: 'rest' }
  /** `back`: how far back messages are here by now. */
  | { readonly at: 'looking'; readonly back: number | undefined }
  /** It is here: the row with this message is to be shown. */
  | { readonly at: 'found'; readonly messageId: string }
  | { readonly at: 'failed'; readonly why: string };

const rest: Jump = { at: 'rest' };
const page = 200;

/** The way to a message that a link leads to: older messages are brought until it is there. */
export function useJump(
  channelId: string,
  messageId: string | undefined,
): { readonly jump: Jump; readonly end: () => void; readonly again: () => void } {
  const hub = useHub();
  const here = useHubState(({ channels }) => channels.has(channelId));
  const [jump, setJump] = useState<Jump>(rest);
  const [tries, setTries] = useState(0);
  const way = useRef<AbortController>(undefined);
  const end = useCallback(() => {
    way.current?.abort();
    setJump(rest);
  }, []);
  const again = useCallback(() => setTries((count) => count + 1), []);

  useEffect(() => {
    if (messageId === undefined || !here) return undefined;
    const left = new AbortController();
    way.current = left;
    const { signal } = left;
    const messages = (): readonly Message[] => hub.snapshot().channels.get(channelId)?.messages ?? [];
    const show = (id: string): void => setJump({ at: 'found', messageId: id });
    const look = async (): Promise<void> => {
      if (messages().some(({ id }) => id === messageId)) {
        show(messageId);
        return;
      }
      setJump({ at: 'looking', back: undefined });
      const target = await hub.call('readMessage', { params: { channelId, messageId } });
      if (signal.aborted) return;
      let wanted = target;
      if (target.threadId !== null) {
        goBeside({ kind: 'thread', id: target.threadId });
        wanted = await hub.call('readMessage', { params: { channelId, messageId: target.threadId } });
      }
      for (let more = true; more && !signal.aborted;) {
        const [first] = messages();
        if (first !== undefined && first.seq <= wanted.seq) break;
        setJump({ at: 'looking', back: first?.timestamp });
        more = await hub.loadOlder(channelId, page);
      }
      if (!signal.aborted) show(wanted.id);
    };
    look().catch((error: unknown) => {
      if (signal.aborted) return;
      const gone = isHubError(error) && (error.status === 404 || error.status === 400);
      const why = gone
        ? 'The message that the link leads to is not in this channel.'
        : `The message that the link leads to could not be brought. ${sentenceOf(error)}.`;
      setJump({ at: 'failed', why });
    });
    return () => left.abort();
  }, [hub, channelId, messageId, here, tries]);

  useEffect(() => {
    if (messageId === undefined) setJump(rest);
  }, [messageId]);
  return { jump, end, again };
}
