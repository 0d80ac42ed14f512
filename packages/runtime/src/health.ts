import type { Bus } from '@parley/bus';
import type { Cache, Selection } from '@parley/cache-core';
import { combineHealth, type Clock, type Health } from '@parley/cache-core/kernel';
import type { Presence } from '@parley/presence';
import type { Backend } from './backend.ts';
import type { Closers } from './closers.ts';
import type { OpenGates } from './gates.ts';
import type { Selections } from './select.ts';

export interface HealthFacts {
  readonly cache: Cache;
  readonly bus: Bus;
  readonly presence: Presence;
  readonly gates: OpenGates;
  readonly backend: Backend;
  readonly closers: Closers;
  readonly selection: Selections;
  readonly clock: Clock;
}

export async function healthOf(facts: HealthFacts): Promise<Health> {
  const { cache, bus, presence, gates, backend, closers, selection, clock } = facts;
  const { adapter, because } = selection.cache;
  const details = { adapter, because };
  if (closers.closed)
    return { status: 'down', since: clock.now(), details: { ...details, error: 'it is closed' } };
  const [ofCache, ofBus, ofPresence, ofGates, ofDatabase] = await Promise.all([
    cache.health(),
    bus.health(),
    presence.health(),
    gates.health(),
    selection.database && databaseHealth(backend, selection.database),
  ]);
  const warnings = [selection.cache.warning, selection.database?.warning, ...(backend.warnings?.() ?? [])];
  const told = warnings.filter((warning) => warning !== undefined).join('; ');
  return {
    // Without their servers the bus waits, presence shows its last view, limits decide here and locks are not given, and the rest goes on; an
    // application without its tables or its sessions does not.
    ...combineHealth(
      {
        cache: ofCache,
        bus: ofBus,
        presence: ofPresence,
        ...ofGates,
        ...(ofDatabase && { database: ofDatabase }),
      },
      { optional: ['bus', 'presence', 'limits', 'locks'], clock },
    ),
    details: { ...details, ...(told !== '' && { warnings: told }) },
  };
}

async function databaseHealth(
  { database }: Backend,
  { adapter, because }: Selection,
): Promise<Health | undefined> {
  const health = await database?.db.health();
  return health && { ...health, details: { adapter, because, ...health.details } };
}
