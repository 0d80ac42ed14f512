import type { Connection, Presence } from '@parley/presence';

/** So many agents, each in every channel. */
export const agents = 111;
const channels = 100;
export const entries: number = agents * channels;

export const agentNames: readonly string[] = Array.from({ length: agents }, (_, i) => `agent-${i}`);

/** Others for every crowd: those of an earlier one are remembered for a while when everybody has left. */
export const channelNames = (crowd: number): string[] =>
  Array.from({ length: channels }, (_, i) => `room-${crowd}-${i}`);

/** The picture is a part of what the store keeps of each, in every channel. */
export const avatarOf = (agent: string): string => `/avatars/${agent}.png`;

export function connectAll(presence: Presence): Connection[] {
  return agentNames.map((user) => presence.connect({ user, avatar: avatarOf(user) }));
}

/** Resolves when the store has all of them. */
export async function joinAll(presence: Presence, names: readonly string[]): Promise<Connection[]> {
  const connections = connectAll(presence);
  await Promise.all(connections.flatMap((connection) => names.map((name) => connection.join(name))));
  return connections;
}

/** Throws unless the store counts everybody. */
export async function mustBeThere(presence: Presence, names: readonly string[]): Promise<void> {
  const counts = await presence.counts(names);
  const there = counts.reduce((sum, { users }) => sum + users, 0);
  if (there !== entries) throw new Error(`${there} of ${entries} are there`);
}

export async function leaveAll(connections: readonly Connection[]): Promise<void> {
  await Promise.all(connections.map((connection) => connection.close()));
}
