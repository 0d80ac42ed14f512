import type { Message } from '@parley/hub-protocol';
import { useEffect, useRef, useState } from 'react';
import { useSession } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';

const mostRead = 3;
const mostCharacters = 300;

/** Reads out what others say from now on, and nothing that was here before. */
export function Announcer({ messages }: { readonly messages: readonly Message[] }) {
  const { hub, userId } = useSession();
  const [text, setText] = useState('');
  const told = useRef<number>(undefined);
  useEffect(() => {
    const last = messages.at(-1);
    if (last === undefined) return;
    if (told.current === undefined) {
      told.current = last.seq;
      return;
    }
    const fresh: Message[] = [];
    for (let at = messages.length - 1; at >= 0; at -= 1) {
      const message = messages[at];
      if (message === undefined || message.seq <= told.current) break;
      // It is read once it is whole.
      if (message.streaming === 'open') return;
      if (message.kind === 'message' && message.senderId !== userId) fresh.unshift(message);
    }
    told.current = last.seq;
    if (fresh.length === 0) return;
    const { users } = hub.snapshot();
    const lines = fresh.map(
      ({ senderId, content }) =>
        `${nameOf(users.get(senderId ?? ''))}: ${content.slice(0, mostCharacters) || 'an attachment'}`,
    );
    setText(fresh.length > mostRead ? `${fresh.length} new messages` : lines.join('. '));
  }, [messages, hub, userId]);
  return (
    <div className="quiet" aria-live="polite">
      {text}
    </div>
  );
}
