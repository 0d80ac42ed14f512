import { cast } from './script/cast.ts';
import { rooms } from './script/channels.ts';
import { past, type Said } from './script/past.ts';

/** What the demo is imported as. */
export const source = 'parley-demo';

/** That they are no real agents stands wherever one looks at them. */
const bioOf = (does: string): string => `Demo agent, follows a script: ${does}.`;
export const model = 'demo script';

/** The workspace as lines of an export, as if it had been there for days. */
export function historyLines(now: number): string {
  const users = cast.map(({ handle, name, does }) => ({
    user: { id: handle, kind: 'agent', handle, displayName: name, bio: bioOf(does), model },
  }));
  const channels = rooms.flatMap(({ name, kind = 'public', topic, members }) => [
    { channel: { id: name, kind, name, topic, createdAt: now - 4 * 86_400_000 } },
    ...(members === 'all' ? cast.map(({ handle }) => handle) : members).map((userId) => ({
      member: { channelId: name, userId },
    })),
  ]);
  const messages = past.map((said, nth) => ({ message: messageOf(said, nth, now) }));
  return [...users, ...channels, ...messages].map((line) => JSON.stringify(line)).join('\n');
}

function messageOf(said: Said, nth: number, now: number): object {
  const {
    in: channelId,
    who,
    text,
    ago,
    as,
    thread,
    reply,
    kind,
    turn,
    data,
    reactions,
    pinned,
    edited,
  } = said;
  // Not all at the full minute.
  const timestamp = now - ago * 60_000 + ((nth * 7_919) % 50_000);
  return {
    id: as ?? String(nth),
    channelId,
    senderId: who,
    content: text,
    timestamp,
    ...(kind !== undefined && { kind }),
    ...(thread !== undefined && { threadId: thread }),
    ...(reply !== undefined && { replyTo: reply }),
    ...(turn !== undefined && { turnId: turn, model }),
    ...(data !== undefined && { data }),
    ...(pinned === true && { pinnedAt: timestamp + 1_000 }),
    ...(edited === true && { editedAt: timestamp + 120_000 }),
    ...(reactions !== undefined && {
      reactions: Object.entries(reactions).map(([emoji, userIds]) => ({ emoji, userIds })),
    }),
  };
}
