import { requireKey } from '@parley/cache-core/kernel';

/**
 * The channels of the store, in one place:
 *
 *     c:<channel>   who is in a channel                              an entry for each connection
 *     u:<user>      whether a user is there at all                   an entry for each connection
 *     t:<channel>   who types in a channel                           an entry for each connection that types
 *     s:all         how users want to be seen                        an entry for each user who does
 *     a:all         agents and what they can do                      an entry for each that is registered
 *
 * And of the feed alone:
 *
 *     p:<process>   which of its connections another process has taken over
 */
export const placeOf = {
  channel: (channel: string): string => `c:${requireName('channel', channel)}`,
  user: (user: string): string => `u:${requireName('user', user)}`,
  typing: (channel: string): string => `t:${requireName('channel', channel)}`,
  statuses: 's:all',
  agents: 'a:all',
  process: (processId: string): string => `p:${processId}`,
};

/** The channel of which this is the place. */
export const channelAt = (place: string): string => place.slice(2);

/** A feed may allow 512 bytes, and there is something before it. */
export function requireName(field: string, name: unknown): string {
  return requireKey(name, { field, maxBytes: 480 });
}
