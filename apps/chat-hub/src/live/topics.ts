import { defineTopic, type Schema, type Topic } from '@parley/bus';
import type { Entry } from './log-reader.ts';

/** What nodes tell each other of a channel: entries of its log, or what is kept nowhere. */
export type ChannelNews =
  | { readonly epoch: string; readonly entries: readonly Entry[] }
  | { readonly moment: string };

/** Of one user. */
export type UserNews =
  | { readonly moment: string }
  /** Rights or memberships are to be looked at anew. */
  | { readonly access: true }
  /** The user is in this channel now, and hears what comes behind this number of its log. */
  | { readonly joined: string; readonly after: number };

export interface GlobalNews {
  readonly moment: string;
  /** Only for who listens to it. */
  readonly topic?: string | undefined;
}

/**
 * Together with the names of bus channels these are the addresses of the protocol: `channel:{id}`, `agent:{id}`, `global`. Other nodes may
 * be of another version: what is not of this form is dropped, and what it told of is found in the log.
 */
export const channelTopic: Topic<ChannelNews, 'ephemeral'> = defineTopic('channel', {
  class: 'ephemeral',
  schema: schemaOf('news of a channel', isChannelNews),
});

export const userTopic: Topic<UserNews, 'ephemeral'> = defineTopic('agent', {
  class: 'ephemeral',
  schema: schemaOf('news of a user', isUserNews),
});

export const globalTopic: Topic<GlobalNews, 'ephemeral'> = defineTopic('global', {
  class: 'ephemeral',
  schema: schemaOf('news for everybody', isGlobalNews),
});

function schemaOf<T>(what: string, is: (value: unknown) => value is T): Schema<T> {
  const refused = { issues: [{ message: `it is no ${what}` }] };
  return {
    '~standard': {
      version: 1,
      vendor: 'parley',
      validate: (value) => (is(value) ? { value } : refused),
    },
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const isSeq = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** A line feed within would be taken for the end of the frame. */
const isLine = (value: unknown): value is string => typeof value === 'string' && !value.includes('\n');

function isChannelNews(value: unknown): value is ChannelNews {
  const { epoch, entries, moment } = fieldsOf(value);
  if (moment !== undefined) return isLine(moment);
  return typeof epoch === 'string' && Array.isArray(entries) && entries.every(isEntry);
}

function isEntry(value: unknown): value is Entry {
  const { seq, line, news } = fieldsOf(value);
  if (!isSeq(seq) || !isLine(line)) return false;
  if (news === undefined) return true;
  const { type, userId } = fieldsOf(news);
  return typeof type === 'string' && (userId === undefined || typeof userId === 'string');
}

function isUserNews(value: unknown): value is UserNews {
  const { moment, access, joined, after } = fieldsOf(value);
  if (moment !== undefined) return isLine(moment);
  return access === true || (typeof joined === 'string' && isSeq(after));
}

function isGlobalNews(value: unknown): value is GlobalNews {
  const { moment, topic } = fieldsOf(value);
  return isLine(moment) && (topic === undefined || typeof topic === 'string');
}
