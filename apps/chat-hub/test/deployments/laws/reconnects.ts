import { until } from '@parley/services';
import { expect, test } from 'vitest';
import type { Deployment } from '../../support/deployment.ts';
import type { RawReceiver } from '../../support/raw-receiver.ts';
import { begin } from '../../support/trial.ts';
import type { Resident } from '../../support/workspace.ts';
import { outcomeOf, unharmed } from './unharmed.ts';

const count = 500;
/** More than one user may have. */
const perUser = 50;

/** Asks a node over and over whether it lives, until it is told to end; answers what it did not answer in time. */
function watchHealth(url: string): { readonly end: () => Promise<string[]> } {
  const failures: string[] = [];
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(10_000) })
        .then(async (response) => {
          await response.text();
          if (!response.ok) failures.push(`${url} answered ${response.status}`);
        })
        .catch((error: unknown) => failures.push(`${url}: ${String(error)}`));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    end: async () => {
      over.abort();
      await watching;
      return failures;
    },
  };
}

/** What holds when a node dies that had many sockets. */
export function reconnectLaws(deployed: () => Deployment): void {
  test(
    `${count} who come back at once after their node died are all caught up`,
    { timeout: 240_000 },
    async () => {
      const { nodes, url, workspace } = deployed();
      const doomed = nodes.at(-1);
      if (doomed === undefined) throw new Error('there is no node');
      const guests: Resident[] = [];
      for (let i = 0; i < count / perUser; i += 1) guests.push(await workspace.add(`guest-${i}`));
      await using trial = await begin(deployed(), { channels: 1, guests, everyMs: 200 });
      const { traffic, receivers, channels } = trial;
      let address = doomed.url;
      const crowd: RawReceiver[] = [];
      for (const { handle, token } of guests) {
        const own = Array.from({ length: perUser }, (_, i) =>
          receivers.addRaw(`${handle} ${i}`, { url: () => address, token, channels }),
        );
        crowd.push(...(await Promise.all(own)));
      }
      await traffic.more(20);

      address = url;
      await doomed.kill();
      if (nodes.length === 1) await doomed.start();
      const health = nodes.filter((node) => node.status() === undefined).map((node) => watchHealth(node.url));
      await until(() => crowd.every((one) => one.live && one.connections > 1), {
        what: 'all of them are back',
        deadline: 120_000,
        every: 50,
      });
      // Some sit there and nowhere else.
      if (doomed.status() !== undefined) await doomed.start();
      await traffic.more(20);
      expect((await Promise.all(health.map((one) => one.end()))).flat()).toEqual([]);
      expect(await outcomeOf(trial)).toEqual(unharmed);
    },
  );
}
