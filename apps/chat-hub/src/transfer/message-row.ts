import { mentionsOf } from '../chat/mentioning.ts';
import type { FreshMessage } from './complete-messages.ts';

interface Place {
  readonly nth: number;
  readonly now: number;
  /** Who has a handle here. */
  readonly handleOf: (handle: string) => string | undefined;
}

/**
 * A message as it is appended to a log. Whom it mentions is found anew, among those who are here. It was not written in times to come: what a clock
 * that was wrong says would be kept back from retention, with everything behind it.
 */
export function messageRow(
  { id, message, threadId, senderId, replyTo, causedBy }: FreshMessage,
  { nth, now, handleOf }: Place,
): object {
  // Nobody is here in the roles that they had there.
  const mentions = { ...mentionsOf(message.kind, message.content, { userOf: handleOf }), roles: [] };
  const plain = mentions.users.length === 0 && !mentions.here;
  const { data } = message;
  const files = message.files.map(({ name }) => name);
  return {
    nth,
    id,
    kind: message.kind,
    sender_id: senderId,
    content: message.content,
    thread_id: threadId,
    reply_to: replyTo,
    mentions: plain ? undefined : mentions,
    mentioned: [],
    turn_id: message.turnId ?? undefined,
    caused_by: causedBy,
    streaming: message.streaming,
    model: message.model ?? undefined,
    data: files.length > 0 ? { ...data, importedFiles: files } : (data ?? undefined),
    counts: message.kind === 'message',
    at: Math.min(message.timestamp, now),
  };
}
