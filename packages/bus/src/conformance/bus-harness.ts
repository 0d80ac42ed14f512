import type { Schema } from '@parley/cache-core/kernel';
import { createBus, type Bus } from '../bus.ts';
import type { BusOptions } from '../options.ts';
import type { Clock } from '@parley/cache-core/kernel';
import { unique, until, type BrokerHarness } from './broker-harness.ts';

/** What is needed to try whole buses on a broker; every law gets a new one. */
export interface BusHarness extends BrokerHarness {
  readonly clock: Clock;
}

/** Any text. */
export const text: Schema<string> = {
  '~standard': {
    version: 1,
    vendor: 'parley',
    validate: (value) =>
      typeof value === 'string' ? { value } : { issues: [{ message: 'it is not text' }] },
  },
};

export const newTopic = (): string => unique('topic');

export const numbered = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `${from + i}`);

/** Runs with a bus of each process, and closes them. */
export async function withBuses<T>(
  harness: BusHarness,
  run: (one: Bus, two: Bus) => Promise<T>,
  options: Partial<BusOptions> = {},
): Promise<T> {
  const { clock } = harness;
  const one = createBus({ clock, ...options, broker: harness.broker });
  const two = createBus({ clock, ...options, broker: harness.other });
  try {
    return await run(one, two);
  } finally {
    await inTime(harness, Promise.all([one.close(), two.close()]), 'the buses to close');
  }
}

export const waitFor = (harness: BusHarness, check: () => boolean, what: string): Promise<void> =>
  until(harness, check, what, 15_000);

/** The outcome of a promise that needs time to pass. */
export async function inTime<T>(harness: BusHarness, promise: Promise<T>, what: string): Promise<T> {
  const outcome = { settled: false };
  const over = (): void => {
    outcome.settled = true;
  };
  promise.then(over, over);
  await waitFor(harness, () => outcome.settled, what);
  return promise;
}
