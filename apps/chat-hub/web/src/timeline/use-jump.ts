import { useCallback, useEffect, useRef, useState } from 'react';
import { useHub, useHubState } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';

export type Jump =
  | { readonly at: 'rest' }
  /** `back`: how far back messages are here by now. */
  | { readonly at: 'looking'; readonly back: number | undefined }
  /** It is here: the row with this message is to be shown. */
  | { readonly at: 'found'; readonly messageId: string }
  /** `gone`: it will not be found another time either. */
  | { readonly at: 'failed'; readonly why: string; readonly gone?: boolean };

const rest: Jump = { at: 'rest' };

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
    const tell = (next: Jump): void => {
      if (!signal.aborted) setJump(next);
    };
    // Most come without a link.
    import('./find-message.ts')
      .then(({ findMessage }) => findMessage({ hub, channelId, messageId, signal, tell }))
      .catch((error: unknown) =>
        tell({ at: 'failed', why: `The way to the message could not be looked for. ${sentenceOf(error)}.` }),
      );
    return () => left.abort();
  }, [hub, channelId, messageId, here, tries]);

  useEffect(() => {
    if (messageId === undefined) setJump(rest);
  }, [messageId]);
  return { jump, end, again };
}
