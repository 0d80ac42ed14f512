import type { ChannelState } from '@parley/hub-client';
import type { Message } from '@parley/hub-protocol';
import { useCallback, useEffect, useState } from 'react';
import { useHub, useHubState, useSession } from '../hub/context.ts';

export interface ThreadView {
  readonly state: ChannelState | undefined;
  /** The message that the thread hangs on. */
  readonly root: Message | undefined;
  readonly replies: readonly Message[];
  /** Whether all replies are here. */
  readonly complete: boolean;
  /** Undefined until the hub has told. */
  readonly following: boolean | undefined;
  readonly setFollowing: (following: boolean) => void;
  readonly error: unknown;
  readonly retry: () => void;
}

const none: readonly Message[] = [];

/** A thread and everything in it, kept as it is by now. */
export function useThread(channelId: string, rootId: string): ThreadView {
  const hub = useHub();
  const { userId } = useSession();
  const state = useHubState(({ channels }) => channels.get(channelId));
  const thread = state?.threads.get(rootId);
  const [read, setRead] = useState<Message>();
  const [following, setFollowing] = useState<boolean>();
  const [error, setError] = useState<unknown>();
  const [tries, setTries] = useState(0);
  const here = state !== undefined;
  const complete = thread?.complete ?? false;

  // A channel that is read anew knows of no thread.
  useEffect(() => {
    if (!here || complete) return undefined;
    let left = false;
    setError(undefined);
    hub.loadThread(channelId, rootId).catch((failure: unknown) => left || setError(failure));
    return () => {
      left = true;
    };
  }, [hub, channelId, rootId, here, complete, tries]);

  useEffect(() => {
    if (!here) return undefined;
    let left = false;
    const params = { channelId, threadId: rootId };
    const readRoot = (): void =>
      void hub.call('readThread', { params, query: { limit: 1 } }).then(
        (answer) => {
          if (left) return;
          setRead(answer.root);
          setFollowing(answer.following);
        },
        (failure: unknown) => left || setError(failure),
      );
    readRoot();
    // A root that lies further back than what is here changes nowhere else.
    const forget = hub.on('event', (event) => {
      const changed =
        'messageId' in event
          ? event.messageId
          : event.type === 'channel.message.edit'
            ? event.message.id
            : '';
      if (changed === rootId) readRoot();
    });
    return () => {
      left = true;
      forget();
    };
  }, [hub, channelId, rootId, here, tries]);

  const replies = thread?.messages ?? none;
  const own = replies.some(({ senderId }) => senderId === userId);
  // Who writes in a thread follows it.
  useEffect(() => {
    if (own) setFollowing(true);
  }, [own, replies.length]);

  const inLog = useHubState(({ channels }) =>
    channels.get(channelId)?.messages.findLast(({ id }) => id === rootId),
  );
  const retry = useCallback(() => setTries((count) => count + 1), []);
  return { state, root: inLog ?? read, replies, complete, following, setFollowing, error, retry };
}
