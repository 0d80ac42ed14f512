import { until } from '@parley/services';
import { expect, test } from 'vitest';
import type { Deployment } from '../../support/deployment.ts';
import { begin, delaysOf, type Trial } from '../../support/trial.ts';
import { outcomeOf, unharmed } from './unharmed.ts';

/** Something that happens to what carries bus and cache, and how it ends. */
export interface Fault {
  /** Completes "while". */
  readonly name: string;
  readonly begin: () => Promise<unknown>;
  readonly end?: () => Promise<unknown>;
}

/** So long may a message take to other nodes while they cannot tell each other. */
const promisedMs = 2_000;
/** No frame takes longer, whatever happens. */
const frameMs = 10_000;

/** What holds while nodes cannot tell each other: messages are acknowledged all the while, and reach other nodes. */
export function withoutBusLaws(deployed: () => Deployment, faults: readonly Fault[]): void {
  test.each(faults)(
    'chat goes on across nodes while $name',
    { timeout: 180_000 },
    async ({ begin: strike, end }) => {
      const { nodes } = deployed();
      // All write at one node, so that what is measured at the others has come from another one.
      await using trial = await begin(deployed(), { writersAt: nodes[0]?.url ?? '' });
      const { traffic } = trial;
      await traffic.more(30);

      const from = performance.now();
      const struck = strike();
      await traffic.more(250);
      const to = performance.now();
      await struck;
      await arrived(trial, from, to);
      const delays = delaysOf(trial, from, to);
      // Not the last quarter: this machine may be busy with other things.
      expect(delays[Math.floor(delays.length * 0.75)]).toBeLessThan(promisedMs);
      const slowest = traffic.acknowledged
        .filter(({ at }) => at >= from)
        .map(({ sentAt, at }) => at - sentAt);
      expect(Math.max(...slowest)).toBeLessThan(frameMs);

      await end?.();
      await until(async () => (await Promise.all(nodes.map(isSteady))).every(Boolean), {
        what: 'all nodes hear each other again',
        deadline: 60_000,
        every: 200,
      });
      await traffic.more(30);
      expect(await outcomeOf(trial)).toEqual(unharmed);
    },
  );
}

/** Resolves when the other nodes have told of all that was acknowledged in between. */
async function arrived(trial: Trial, from: number, to: number): Promise<void> {
  const count = trial.traffic.acknowledged.filter(({ at }) => at >= from && at <= to).length;
  const others = trial.receivers.raw.length - 2;
  await until(() => delaysOf(trial, from, to).length === count * others, {
    what: 'what was said meanwhile is at the other nodes',
    deadline: 60_000,
    every: 200,
  });
}

async function isSteady({ url }: Deployment['nodes'][number]): Promise<boolean> {
  const response = await fetch(`${url}/metrics`);
  return /^parley_steady 1$/m.test(await response.text());
}
