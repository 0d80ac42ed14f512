import { limits } from '@parley/hub-protocol';
import { fieldsIn, isFields, listIn, momentOf, need, textIn, type Fields } from './slack-fields.ts';
import { cut } from './cut.ts';
import type { SlackPeople } from './slack-people.ts';
import { attachedText, partsOf, textOf } from './slack-text.ts';

/** What people and programs say. All other kinds tell of what happened to the channel. */
const spoken: ReadonlySet<string> = new Set([
  '',
  'bot_message',
  'me_message',
  'thread_broadcast',
  'file_share',
  'file_comment',
  // What is left of a message that was deleted: its thread hangs on it.
  'tombstone',
]);

export interface SlackMessage {
  /** Whoever wrote it, where they have not been met before. */
  readonly newcomer: string | undefined;
  readonly lines: readonly string[];
}

/** What messages of one channel are read with. */
export interface Reading {
  readonly channelId: string;
  readonly people: SlackPeople;
  /** The beginnings of threads that were met: an export of a span of time may have answers to what is not in it. */
  readonly roots: Set<string>;
}

/** A message in the form of an export of ours; in several where it is too long for one. Undefined: it is none. */
export function messageOf(fields: Fields, { channelId, people, roots }: Reading): SlackMessage | undefined {
  if (fields['type'] !== 'message' || !spoken.has(textIn(fields, 'subtype') ?? '')) return undefined;
  const ts = need(fields, 'ts');
  const timestamp = momentOf(ts);
  const botId = textIn(fields, 'bot_id');
  const senderId = textIn(fields, 'user') ?? botId;
  if (senderId === undefined) throw new Error('nobody wrote it');
  const isBot = textIn(fields, 'user') === undefined;
  const botName = textIn(fields, 'username') ?? textIn(fieldsIn(fields, 'bot_profile'), 'name') ?? senderId;
  const newcomer = isBot
    ? people.bot(senderId, botName)
    : people.stranger(senderId, fieldsIn(fields, 'user_profile'));
  const idOf = (ts: string): string => `${channelId}:${ts}`;
  const root = textIn(fields, 'thread_ts');
  if (root === ts || 'reply_count' in fields || 'replies' in fields) roots.add(ts);
  const editedTs = textIn(fieldsIn(fields, 'edited'), 'ts');
  const text = textIn(fields, 'text') ?? attachedText(listIn(fields, 'attachments'));
  const content = textOf(text, { handleOf: (id) => people.handleOf(id) });
  const lines = partsOf(/\S/.test(content) ? content : '', limits.content).map((part, nth) =>
    JSON.stringify({
      message: {
        id: nth === 0 ? idOf(ts) : `${idOf(ts)}/${nth + 1}`,
        channelId,
        senderId,
        content: part,
        timestamp,
        threadId: root !== undefined && root !== ts && roots.has(root) ? idOf(root) : undefined,
        editedAt: editedTs === undefined ? undefined : momentOf(editedTs),
        ...(nth === 0 && { files: filesOf(fields), reactions: reactionsOf(fields) }),
      },
    }),
  );
  return { newcomer, lines };
}

function filesOf(fields: Fields): object[] {
  return listIn(fields, 'files').flatMap((file) => {
    const name = isFields(file) ? (textIn(file, 'name') ?? textIn(file, 'title')) : undefined;
    return name === undefined ? [] : [{ name: cut(name, limits.fileName) }];
  });
}

function reactionsOf(fields: Fields): object[] {
  return listIn(fields, 'reactions').flatMap((reaction) => {
    const emoji = isFields(reaction) ? textIn(reaction, 'name') : undefined;
    if (emoji === undefined || !isFields(reaction)) return [];
    return [{ emoji, userIds: listIn(reaction, 'users').filter((user) => typeof user === 'string') }];
  });
}
