import type { Channel } from '@parley/hub-protocol';
import { facts } from '../../facts.ts';
import { channelWords, shownChannel } from '../../resolve/channel.ts';
import { shownTime } from '../../times.ts';

export const whichChannel = { name: 'channel', summary: channelWords } as const;

export function shownFacts(channel: Channel): string {
  const { archivedAt, frozenAt, slowSeconds = 0 } = channel;
  return facts([
    ['channel', shownChannel(channel)],
    ['kind', channel.kind],
    ['topic', channel.topic],
    ['about', channel.description],
    ['members', String(channel.memberCount)],
    ['log', String(channel.seq)],
    ['since', shownTime(channel.createdAt)],
    ['archived', archivedAt === null ? undefined : shownTime(archivedAt)],
    ['frozen', frozenAt == null ? undefined : shownTime(frozenAt)],
    ['slow mode', slowSeconds === 0 ? undefined : `one message in ${slowSeconds} s`],
    ['id', channel.id],
  ]);
}
