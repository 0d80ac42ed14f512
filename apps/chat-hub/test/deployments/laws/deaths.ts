import { expect, test } from 'vitest';
import type { Deployment } from '../../support/deployment.ts';
import { begin } from '../../support/trial.ts';
import { sound } from '../../support/verdict.ts';

/** What holds when nodes end, in any deployment: those who are left go on at once, and the only one when it is back. */
export function deathLaws(deployed: () => Deployment): void {
  test(
    'a node that is killed in the middle of traffic and started again costs nothing',
    { timeout: 120_000 },
    async () => {
      const { nodes } = deployed();
      const node = nodes.at(-1);
      await using trial = await begin(deployed());
      const { traffic } = trial;
      await traffic.more(40);
      await node?.kill();
      if (nodes.length > 1) await traffic.more(40);
      await node?.start();
      await traffic.more(40);
      expect(await trial.judge()).toEqual(sound);
      expect(trial.receivers.gaps).toBe(0);
    },
  );

  test(
    'every node is replaced in turn, each ends in order, and nobody loses anything',
    { timeout: 180_000 },
    async () => {
      const { nodes } = deployed();
      await using trial = await begin(deployed());
      const { traffic } = trial;
      await traffic.more(20);
      for (const node of nodes) {
        expect(await node.stop()).toEqual({ code: 0, signal: null });
        await node.start();
        await traffic.more(20);
      }
      expect(await trial.judge()).toEqual(sound);
      expect(trial.receivers.gaps).toBe(0);
    },
  );
}
