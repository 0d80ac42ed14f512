import { createBus, type Broker, type Bus, type BusOptions, type Schema } from '@parley/bus';
import { memoryBroker } from '@parley/bus';
import { isParleyError, virtualClock, type VirtualClock } from '@parley/cache-core/kernel';
import { settingsOf } from '../src/options.ts';
import { openCore } from '../src/open-core.ts';
import type { BusCore } from '../src/core.ts';

/** Parts of a broker that do something else than those of the memory broker. */
export interface Changes {
  readonly streams?: Partial<Broker['streams']>;
  readonly jobs?: Partial<Broker['jobs']>;
  readonly capabilities?: Partial<Broker['capabilities']>;
  readonly send?: Broker['send'];
  readonly open?: Broker['open'];
  readonly health?: Broker['health'];
}

export function changed(good: Broker, { streams, jobs, capabilities, ...rest }: Changes): Broker {
  return {
    ...good,
    ...rest,
    streams: { ...good.streams, ...streams },
    jobs: { ...good.jobs, ...jobs },
    capabilities: { ...good.capabilities, ...capabilities },
  };
}

/** Work that never answers and ignores its signal. */
export const hang = (): Promise<never> => new Promise(() => undefined);

/** A broker that answers nothing. */
export const silent = (good: Broker): Broker =>
  changed(good, {
    streams: { append: hang, read: hang, channels: hang, drop: hang },
    jobs: {
      add: hang,
      take: hang,
      extend: hang,
      settle: hang,
      dead: hang,
      redrive: hang,
      discard: hang,
      counts: hang,
    },
    send: hang,
    open: () => ({ join: hang, leave: hang, close: hang, detectionMs: 0 }),
    health: hang,
  });

export interface Stage {
  readonly clock: VirtualClock;
  readonly broker: Broker;
  readonly bus: Bus;
}

/** A bus over the memory broker, in virtual time and without chance. */
export function stage(
  changes: Changes | ((good: Broker) => Broker) = {},
  options: Partial<BusOptions> = {},
): Stage {
  const clock = virtualClock();
  const good = memoryBroker({ clock });
  const broker = typeof changes === 'function' ? changes(good) : changed(good, changes);
  return { clock, broker, bus: createBus({ broker, clock, random: () => 0.5, ...options }) };
}

export interface CoreStage {
  readonly clock: VirtualClock;
  readonly broker: Broker;
  readonly core: BusCore;
  readonly closing: AbortController;
}

/** What the parts of a bus share, without the bus. */
export function coreStage(changes: Changes = {}, options: Partial<BusOptions> = {}): CoreStage {
  const clock = virtualClock();
  const broker = changed(memoryBroker({ clock }), changes);
  const closing = new AbortController();
  const settings = settingsOf({ broker, clock, random: () => 0.5, ...options });
  return { clock, broker, closing, core: openCore(settings, 'me', closing.signal) };
}

/** Takes anything. */
export function anything<T>(): Schema<T> {
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      validate: (value) => ({ value: value as T }),
    },
  };
}

/** Takes text. */
export const text: Schema<string> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      typeof value === 'string' ? { value } : { issues: [{ message: 'it is not text', path: [] }] },
  },
};

/** What a promise or a call came to: a code and a field, or a message. */
export async function failureOf(work: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (isParleyError(error, 'INVALID_ARGUMENT')) return `${error.code} ${error.field}`;
    if (isParleyError(error)) return error.code;
    return error instanceof Error ? error.message : String(error);
  }
  return 'no failure';
}

export interface Watched {
  /** `value@time`, or `code@time` of its error. */
  outcome: string | undefined;
  error?: unknown;
}

/** Notes what a promise comes to, and when. */
export function watch(promise: Promise<unknown>, clock: VirtualClock): Watched {
  const seen: Watched = { outcome: undefined };
  promise.then(
    (value) => {
      seen.outcome = `${String(value)}@${clock.monotonic()}`;
    },
    (error: unknown) => {
      seen.error = error;
      const what = isParleyError(error) ? error.code : error instanceof Error ? error.message : String(error);
      seen.outcome = `${what}@${clock.monotonic()}`;
    },
  );
  return seen;
}

/** Takes what the check finds nothing wrong with. */
export function schemaOf<T>(
  check: (value: T) => { readonly message: string; readonly path?: readonly unknown[] } | undefined,
): Schema<T> {
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        const issue = check(value as T);
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        return issue === undefined ? { value: value as T } : { issues: [issue] };
      },
    },
  };
}

/** Lets everything happen that needs no time, also what takes several turns of the event loop. */
export async function quiet(clock: VirtualClock): Promise<void> {
  for (let i = 0; i < 6; i++) await clock.settle();
}

/** Lets time pass in steps so small that whatever takes several turns is not overtaken by it. */
export async function pass(clock: VirtualClock, ms: number): Promise<void> {
  const until = clock.monotonic() + ms;
  for (let left = ms; left > 0; left = until - clock.monotonic()) {
    await clock.advance(Math.min(left, 50));
    await quiet(clock);
  }
}
