import type { LogEntry, Moment } from './feed.ts';
import type { Entry, RoomNews } from './log-reader.ts';

const newsTypes: ReadonlySet<string> = new Set<LogEntry['type']>([
  'channel.member.join',
  'channel.member.leave',
  'channel.delete',
  'channel.message.edit',
  'channel.message.delete',
]);

/** An entry of a log as it is sent: encoded once, for this node and all others. The event goes as it came from the database. */
export function entryOf(channelId: string, epoch: string, entry: LogEntry): Entry {
  const { seq, at, actorId, event, type, userId } = entry;
  const line =
    `{"type":"event","event":${event},"timestamp":${at},"senderId":${JSON.stringify(actorId)},` +
    `"channelId":${JSON.stringify(channelId)},"seq":${seq},"epoch":${JSON.stringify(epoch)}}`;
  const news: RoomNews | undefined = newsTypes.has(type) ? { type, userId } : undefined;
  return news === undefined ? { seq, line } : { seq, line, news };
}

/** The moment of an entry, which stands behind the event: nothing that people write comes after it. */
export function timeOf({ line }: Entry): number | undefined {
  const [, at] = /"timestamp":(\d+),/.exec(line.slice(line.lastIndexOf('"timestamp":'))) ?? [];
  return at === undefined ? undefined : Number(at);
}

/** Who has sent the message that an entry is; undefined: it is something else. */
export function senderOf({ line }: Entry): string | undefined {
  if (!/^\{"type":"event","event":\{"type": ?"(?:channel|thread)\.message"/.test(line)) return undefined;
  const { senderId }: { readonly senderId?: unknown } = JSON.parse(line);
  return typeof senderId === 'string' ? senderId : undefined;
}

export function momentLine({ event, actorId, channelId }: Moment, at: number): string {
  return JSON.stringify({ type: 'event', event, timestamp: at, senderId: actorId, channelId });
}
