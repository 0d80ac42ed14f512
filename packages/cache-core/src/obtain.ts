import type { Core } from './core.ts';
import type { Entry } from './entry.ts';
import { isStoreError } from './failsafe.ts';
import { epochsFor, guardsOf } from './guarding.ts';
import { withParents } from './guards.ts';
import { abortable } from './kernel/abort.ts';
import { isParleyError } from './kernel/errors.ts';
import { createInstanceId } from './kernel/instance-id.ts';
import { loadAlone, loadAndFill, type Loader } from './load.ts';
import { interpret, type Asked, type Found } from './lookup.ts';
import type { Answer } from './space.ts';
import type { LeaseReply } from './store.ts';

const firstPauseMs = 2;
const longestPauseMs = 50;

/**
 * The value of a key by its loader, when this process has no fresh one: what the store has, or a load that all callers of all processes
 * share. A stale value within its grace stands in for a loader that fails, is slow, or runs elsewhere.
 */
export async function obtain(
  core: Core,
  asked: Asked,
  loader: Loader,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { space, key, rules } = asked;
  let found: Found | undefined;
  try {
    found = await abortable(core.look(asked), signal);
  } catch (error) {
    if (!isStoreError(error)) throw error;
    core.stats.storeErrors += 1;
  }
  const now = core.clock.monotonic();
  // What the store no longer has may have been deleted; only where it cannot say, this process's own copy counts.
  const unknown = found === undefined || !core.options.store.capabilities.holds;
  const entry = unknown ? space.staleEntry(key, now) : found?.entry;
  if (entry !== undefined && now < entry.freshUntil) {
    core.stats.storeHits += 1;
    return { value: entry.value, source: 'store', entry };
  }
  const stale = entry !== undefined && now < entry.keepUntil ? entry : undefined;
  if (stale === undefined) {
    core.stats.misses += 1;
    core.happened('miss', asked);
  }
  const flight = refresh(core, asked, loader, found?.version, stale, signal);
  if (stale === undefined) return flight;
  return rules.staleWhileRevalidate
    ? servedStale(core, asked, stale, flight)
    : unlessLate(core, asked, stale, flight);
}

/** Loads anew behind a value that is being served. */
export function refreshBehind(core: Core, asked: Asked, loader: Loader, entry: Entry): void {
  renew(core, asked, loader, entry).catch(() => {});
}

/** Loads anew what is still fresh. */
export function renew(core: Core, asked: Asked, loader: Loader, entry: Entry): Promise<Answer> {
  // The next hit need not start it again; should it fail, the entry's end will.
  entry.refreshFrom = Infinity;
  return refresh(core, asked, loader, entry.version, entry, undefined);
}

function refresh(
  core: Core,
  asked: Asked,
  loader: Loader,
  seen: number | undefined,
  stale: Entry | undefined,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { space, key } = asked;
  let mine = false;
  const flight = space.flights.run(
    key,
    (shared) => {
      mine = true;
      return load(core, asked, loader, seen, stale, shared.signal);
    },
    { signal },
  );
  if (!mine) core.stats.coalesced += 1;
  return flight;
}

async function load(
  core: Core,
  asked: Asked,
  loader: Loader,
  seen: number | undefined,
  stale: Entry | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const { space, key, rules } = asked;
  const declared = typeof rules.tags === 'function' ? [] : withParents(rules.tags);
  const guards = guardsOf(space, declared);
  return space.watching(key, guards, async () => {
    const token = createInstanceId();
    const giveUpAt = core.clock.monotonic() + rules.hardLimitMs;
    let onTopOf = seen;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.6, longestPauseMs)) {
      let reply: LeaseReply;
      let epochs: readonly number[];
      const askedAt = core.clock.monotonic();
      const changeBefore = asked.space.changeOf(asked.key);
      try {
        [reply, epochs] = await Promise.all([
          core.remote.lease({ key: asked.storeKey, token, ttlMs: core.options.leaseMs, seen: onTopOf }),
          // Before the load begins: an invalidation during the load makes the entry stale by itself.
          epochsFor(core, guards, rules.ttlMs + rules.graceMs),
        ]);
      } catch (error) {
        if (signal.aborted) throw error;
        return loadAlone(core, asked, loader, declared, stale, signal);
      }
      if (reply.state === 'granted') {
        const stopRenewing = renewing(core, asked, token, onTopOf);
        try {
          return await loadAndFill(
            core,
            asked,
            loader,
            { token, stamp: reply.stamp },
            epochs,
            declared,
            stale,
            signal,
          );
        } finally {
          stopRenewing();
        }
      }
      if (reply.state === 'changed') {
        const now = core.clock.monotonic();
        let found: Found | undefined;
        try {
          found = reply.record && (await interpret(core, asked, reply.record, askedAt, now, changeBefore));
        } catch (error) {
          if (!isStoreError(error)) throw error;
          return loadAlone(core, asked, loader, declared, stale, signal);
        }
        const entry = found?.entry;
        if (entry !== undefined && core.clock.monotonic() < entry.freshUntil) {
          core.stats.storeHits += 1;
          return { value: entry.value, source: 'store', entry };
        }
        onTopOf = reply.record?.version;
        continue;
      }
      if (stale !== undefined) return served(core, asked, stale);
      core.stats.leaseWaits += 1;
      if (core.clock.monotonic() >= giveUpAt) return loadAlone(core, asked, loader, declared, stale, signal);
      await core.clock.sleep(Math.min(reply.forMs, pauseMs * (0.5 + core.options.random())), { signal });
    }
  });
}

/** A lease is short, so that a dead holder is soon replaced; a living one renews it. */
function renewing(core: Core, { storeKey }: Asked, token: string, seen: number | undefined): () => void {
  const { leaseMs } = core.options;
  let timer = core.clock.timer(leaseMs / 3, renew, { unref: true });
  let stopped = false;
  function renew(): void {
    core.remote.lease({ key: storeKey, token, ttlMs: leaseMs, seen }).then(
      (reply) => {
        if (!stopped && reply.state === 'granted')
          timer = core.clock.timer(leaseMs / 3, renew, { unref: true });
      },
      () => {},
    );
  }
  return () => {
    stopped = true;
    timer.cancel();
  };
}

function served(core: Core, asked: Asked, stale: Entry): Answer {
  core.stats.staleServed += 1;
  core.happened('stale', asked);
  return { value: stale.value, source: 'stale', entry: stale };
}

function servedStale(core: Core, asked: Asked, stale: Entry, flight: Promise<Answer>): Answer {
  flight.catch(() => {});
  return served(core, asked, stale);
}

async function unlessLate(core: Core, asked: Asked, stale: Entry, flight: Promise<Answer>): Promise<Answer> {
  const late = Promise.withResolvers<Answer>();
  const timer = core.clock.timer(asked.rules.softLimitMs, () => late.resolve(served(core, asked, stale)));
  try {
    return await Promise.race([
      flight.catch((error: unknown) => standIn(core, asked, stale, error)),
      late.promise,
    ]);
  } finally {
    timer.cancel();
  }
}

/** The loader failed, and there is an old value that may still be served. */
function standIn(core: Core, asked: Asked, stale: Entry, error: unknown): Answer {
  if (isParleyError(error, 'ABORTED') || core.clock.monotonic() >= stale.keepUntil) throw error;
  return served(core, asked, stale);
}
