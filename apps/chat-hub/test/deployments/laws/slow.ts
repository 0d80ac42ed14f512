import { until } from '@parley/services';
import { expect, test } from 'vitest';
import type { Deployment } from '../../support/deployment.ts';
import { begin, nameOf } from '../../support/trial.ts';
import { outcomeOf, unharmed } from './unharmed.ts';

/** 48,000 bytes. */
const padding = '€'.repeat(15_900);
/** More than the sockets on both sides and the hub hold for somebody, together. */
const enough = 280;

/** What holds when somebody stops reading. */
export function slowLaws(deployed: () => Deployment): void {
  test(
    'who takes nothing for a while holds up nobody else, and misses nothing',
    { timeout: 180_000 },
    async () => {
      await using trial = await begin(deployed(), { channels: 1, everyMs: 5, padding });
      const { traffic, receivers } = trial;
      const slow = receivers.raw.find(({ name }) => name === nameOf(0));
      const ofSlow = (problem: string): boolean => problem.startsWith(nameOf(0));
      slow?.stall();
      await traffic.more(enough);
      await traffic.stop();
      await until(() => receivers.ledger.problems().every(ofSlow), {
        what: 'all others have everything',
        every: 200,
      });
      expect(receivers.ledger.problems()).not.toEqual([]);
      slow?.goOn();
      expect(await outcomeOf(trial)).toEqual(unharmed);
      expect(slow?.connections).toBe(1);
    },
  );
}
