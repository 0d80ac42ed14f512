import type { HubState } from '@parley/hub-client';
import { roles, type Command, type User } from '@parley/hub-protocol';
import type { Emoji } from '../emoji/emoji-data.ts';
import { chosenTone } from '../emoji/habits.ts';
import { searchEmojis } from '../emoji/search-emojis.ts';
import { bestOf, matchOf } from './match.ts';
import type { Trigger } from './trigger.ts';

/** Something that can stand for what somebody has begun to type. */
export interface Suggestion {
  readonly key: string;
  /** What is put into the text. */
  readonly insert: string;
  readonly label: string;
  readonly detail: string;
  readonly picture:
    | { readonly kind: 'user'; readonly userId: string }
    | { readonly kind: 'emoji'; readonly sign: string }
    | { readonly kind: 'everybody' | 'channel' | 'command' };
  readonly isAgent?: boolean;
}

export interface SuggestSources {
  readonly state: HubState;
  readonly channelId: string;
  readonly commands: readonly Command[];
  readonly emojis: readonly Emoji[];
}

const most = 8;

export function suggestionsFor(trigger: Trigger, sources: SuggestSources): readonly Suggestion[] {
  const { query } = trigger;
  if (trigger.kind === 'who') return whoFor(query, sources);
  if (trigger.kind === 'channel') return channelsFor(query, sources);
  if (trigger.kind === 'emoji') return emojisFor(query, sources);
  return bestOf(sources.commands, ({ name }) => matchOf(query, [name]), most).map(
    ({ id, name, description }): Suggestion => ({
      key: id,
      insert: `/${name} `,
      label: `/${name}`,
      detail: description,
      picture: { kind: 'command' },
    }),
  );
}

/** Who is in the channel comes before who is not, and people before those they all are called by. */
function whoFor(query: string, { state, channelId }: SuggestSources): readonly Suggestion[] {
  const members = state.channels.get(channelId)?.members;
  const score = (user: User): number | undefined => {
    if (user.deactivatedAt !== null || user.id === state.me) return undefined;
    const found = matchOf(query, [user.handle, user.displayName]);
    if (found === undefined) return undefined;
    return found + (members === undefined || members.has(user.id) ? 0 : 10);
  };
  const users = bestOf(state.users.values(), score, most).map((user): Suggestion => ({
    key: user.id,
    insert: `@${user.handle} `,
    label: user.displayName,
    detail: `@${user.handle}${members === undefined || members.has(user.id) ? '' : ' · not in this channel'}`,
    picture: { kind: 'user', userId: user.id },
    isAgent: user.kind === 'agent',
  }));
  const groups = [
    { name: 'here', detail: 'Everybody in this channel' },
    ...roles.map((role) => ({ name: `${role}s`, detail: `Every ${role} of this channel` })),
  ];
  const called = groups
    .filter(({ name }) => name.startsWith(query))
    .map(({ name, detail }): Suggestion => ({
      key: name,
      insert: `@${name} `,
      label: `@${name}`,
      detail,
      picture: { kind: 'everybody' },
    }));
  // With nothing typed, people are looked for; with something, all of them may be meant.
  const room = Math.max(most - called.length, 3);
  return [...users.slice(0, query === '' ? most - 1 : room), ...called].slice(0, most);
}

function channelsFor(query: string, { state }: SuggestSources): readonly Suggestion[] {
  const named = [...state.channels.values()].flatMap(({ channel }) =>
    channel.name === null || channel.archivedAt !== null
      ? []
      : [{ id: channel.id, name: channel.name, topic: channel.topic }],
  );
  return bestOf(named, ({ name }) => matchOf(query, [name]), most).map(({ id, name, topic }): Suggestion => ({
    key: id,
    insert: `#${name} `,
    label: `#${name}`,
    detail: topic,
    picture: { kind: 'channel' },
  }));
}

function emojisFor(query: string, { emojis }: SuggestSources): readonly Suggestion[] {
  const tone = chosenTone();
  return searchEmojis(emojis, query.replaceAll('_', ' '), most)
    .concat(query.includes('_') ? searchEmojis(emojis, query, most) : [])
    .filter((emoji, at, all) => all.indexOf(emoji) === at)
    .slice(0, most)
    .map((emoji): Suggestion => {
      const sign = emoji.tones[tone - 1] ?? emoji.sign;
      return {
        key: emoji.sign,
        insert: `${sign} `,
        label: `:${emoji.names[0] ?? emoji.label.replaceAll(' ', '_')}:`,
        detail: emoji.label,
        picture: { kind: 'emoji', sign },
      };
    });
}
