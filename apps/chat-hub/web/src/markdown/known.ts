import type { HubState } from '@parley/hub-client';
import type { Message } from '@parley/hub-protocol';

/** What names in a text mean. */
export interface Known {
  /** Those who are mentioned, by handle. */
  readonly users: ReadonlyMap<string, string>;
  /** Words that mention many, as they are written behind the sign. */
  readonly many: ReadonlySet<string>;
  /** The id of a channel by its name. */
  readonly channel: (name: string) => string | undefined;
  readonly me: string | undefined;
  /** Whether words that mention many mean oneself, too. */
  readonly meAmong: (word: string) => boolean;
}

/** The hub says who is mentioned: what merely looks like a mention is none. */
export function knownOf({ mentions }: Message, { users, channels, me }: HubState): Known {
  const handles = mentions.users.flatMap((id) => {
    const user = users.get(id);
    return user === undefined ? [] : [[user.handle, id] as const];
  });
  const role = me === undefined ? undefined : users.get(me)?.role;
  const many = [...mentions.roles.flatMap((name) => [name, `${name}s`]), ...(mentions.here ? ['here'] : [])];
  return {
    users: new Map(handles),
    many: new Set(many),
    channel(name) {
      for (const [id, { channel }] of channels) if (channel.name === name) return id;
      return undefined;
    },
    me,
    meAmong: (word) => word === 'here' || word === role || word === `${role}s`,
  };
}
