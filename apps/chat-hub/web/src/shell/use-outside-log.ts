import { isHubError, type Message } from '@parley/hub-protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useHub } from '../hub/context.ts';

/** What is read of a channel that tells one nothing by itself. */
export interface OutsideLog {
  /** The end of the channel, or what is around a message; undefined until it is here. */
  readonly messages: readonly Message[] | undefined;
  readonly older: boolean;
  /** The message that a link leads to is not there: it is the end that was read. */
  readonly missing: boolean;
  readonly error: unknown;
  readonly loadOlder: () => void;
  readonly retry: () => void;
}

const page = 60;
const pauseMs = 5_000;

interface Read {
  readonly messages: readonly Message[];
  readonly older: boolean;
  readonly missing?: boolean;
}

/** The log of a public channel for who is not in it: it is asked for again and again while somebody looks. */
export function useOutsideLog(channelId: string, messageId: string | undefined): OutsideLog {
  const hub = useHub();
  const [read, setRead] = useState<Read>();
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const latest = useRef(read);
  latest.current = read;
  const busy = useRef(false);

  useEffect(() => {
    const left = new AbortController();
    const { signal } = left;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const list = (query: { before?: number; after?: number; around?: number }) =>
      hub.call('listMessages', { params: { channelId }, query: { limit: page, ...query }, signal });
    const begin = async (): Promise<boolean> => {
      const target =
        messageId === undefined
          ? undefined
          : await hub
              .call('readMessage', { params: { channelId, messageId }, signal })
              .catch((failure: unknown) => {
                if (isHubError(failure) && (failure.status === 404 || failure.status === 400))
                  return undefined;
                throw failure;
              });
      const { items, older, newer } = await list(target === undefined ? {} : { around: target.seq });
      const missing = messageId !== undefined && target === undefined;
      setRead({ messages: items, older, missing });
      return newer;
    };
    const goOn = async (): Promise<boolean> => {
      const { messages = [] } = latest.current ?? {};
      const { items, newer } = await list({ after: messages.at(-1)?.seq ?? 0 });
      if (items.length > 0)
        setRead((before) => before && { ...before, messages: joined(before.messages, items) });
      return newer;
    };
    const look = async (): Promise<void> => {
      const isSeen = document.visibilityState === 'visible';
      try {
        const more = latest.current === undefined ? await begin() : isSeen && (await goOn());
        setError(undefined);
        timer = setTimeout(() => void look(), more ? 0 : pauseMs);
      } catch (failure) {
        if (!signal.aborted) setError(failure);
      }
    };
    void look();
    return () => {
      left.abort();
      clearTimeout(timer);
    };
  }, [hub, channelId, messageId, turn]);

  const loadOlder = useCallback(() => {
    const { current } = latest;
    if (busy.current || current?.older !== true) return;
    busy.current = true;
    const query = { before: current.messages[0]?.seq ?? 0, limit: page };
    hub
      .call('listMessages', { params: { channelId }, query })
      .then(({ items, older }) =>
        setRead((before) => before && { ...before, messages: joined(items, before.messages), older }),
      )
      .catch(setError)
      .finally(() => {
        busy.current = false;
      });
  }, [hub, channelId]);
  const retry = useCallback(() => {
    setError(undefined);
    setTurn((last) => last + 1);
  }, []);
  const { messages, older = false, missing = false } = read ?? {};
  return { messages, older, missing, error, loadOlder, retry };
}

/** Two parts that follow each other, whatever of one is in the other. */
function joined(first: readonly Message[], then: readonly Message[]): readonly Message[] {
  const last = first.at(-1)?.seq ?? 0;
  return [...first, ...then.filter(({ seq }) => seq > last)];
}
