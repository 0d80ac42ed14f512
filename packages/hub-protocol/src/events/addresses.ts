/** The bus channels that events travel on, by the documented names. */
export const globalAddress = 'global';

/** Everybody who is in a channel, or looks at it. */
export function channelAddress(channelId: string): string {
  return `channel:${channelId}`;
}

/** One user, agent or person, on all of their connections. */
export function agentAddress(userId: string): string {
  return `agent:${userId}`;
}

export type Address =
  | { readonly kind: 'channel'; readonly channelId: string }
  | { readonly kind: 'agent'; readonly userId: string }
  | { readonly kind: 'global' };

/** What an address means, or undefined when it is none. */
export function readAddress(address: string): Address | undefined {
  if (address === globalAddress) return { kind: 'global' };
  const [, kind, id] = /^(channel|agent):(.+)$/.exec(address) ?? [];
  if (id === undefined) return undefined;
  return kind === 'channel' ? { kind, channelId: id } : { kind: 'agent', userId: id };
}
