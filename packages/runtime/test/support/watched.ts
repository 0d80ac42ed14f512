import type { Parley } from '@parley/runtime';
import { until } from '@parley/services';

export interface Watched extends Disposable {
  /** Who came, who went, and when nobody could say. */
  readonly told: readonly string[];
  readonly users: () => readonly string[];
  readonly stale: () => boolean;
}

/** Watches a channel, from when the bus carries what becomes of it. */
export async function watched(
  { presence, bus }: Pick<Parley, 'presence' | 'bus'>,
  channel: string,
): Promise<Watched> {
  const told: string[] = [];
  const watch = presence.watch(channel, (event) => {
    if (event.type === 'join') told.push(`${event.member.user} came`);
    if (event.type === 'leave') told.push(`${event.user} went`);
    if (event.type === 'stale') told.push(event.stale ? 'stale' : 'right');
  });
  await until(() => watch.ready().then(() => true), { what: 'there is a first view' });
  await until(() => bus.stats().isInitialized, { what: 'the bus hears' });
  return {
    told,
    users: () => watch.current.members.map(({ user }) => user).toSorted(),
    stale: () => watch.current.stale,
    [Symbol.dispose]: () => watch.close(),
  };
}
