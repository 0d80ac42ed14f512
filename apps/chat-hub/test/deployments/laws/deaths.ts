import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Deployment } from '../../support/deployment.ts';
import { surviving, unharmed } from './unharmed.ts';

const patience = { timeout: 180_000 };
/** Longer than a frame, a request or a call to the database may take. */
const hangMs = 12_000;

/** What holds when nodes end, in any deployment: those who are left go on at once, and the only one when it is back. */
export function deathLaws(deployed: () => Deployment): void {
  test(
    'a node that is killed in the middle of traffic and started again costs nothing',
    patience,
    async () => {
      const { nodes } = deployed();
      const node = nodes.at(-1);
      const outcome = await surviving(deployed(), async (traffic) => {
        await node?.kill();
        if (nodes.length > 1) await traffic.more(30);
        await node?.start();
      });
      expect(outcome).toEqual(unharmed);
    },
  );

  test(
    'every node is replaced in turn, each ends in order, and nobody loses anything',
    patience,
    async () => {
      const outcome = await surviving(deployed(), async (traffic) => {
        for (const node of deployed().nodes) {
          expect(await node.stop()).toEqual({ code: 0, signal: null });
          await node.start();
          await traffic.more(20);
        }
      });
      expect(outcome).toEqual(unharmed);
    },
  );
}

/** What holds where there are several nodes. */
export function commonDeathLaws(deployed: () => Deployment): void {
  test('all nodes die at once, and nothing that was acknowledged is lost', patience, async () => {
    const { nodes } = deployed();
    const outcome = await surviving(deployed(), async () => {
      await Promise.all(nodes.map((node) => node.kill()));
      await Promise.all(nodes.map((node) => node.start()));
    });
    expect(outcome).toEqual(unharmed);
  });

  test(
    'a node that hangs for longer than its calls may take goes on as if nothing had been',
    patience,
    async () => {
      const node = deployed().nodes.at(-1);
      const outcome = await surviving(deployed(), async () => {
        await node?.pause();
        await sleep(hangMs);
        await node?.resume();
      });
      expect(outcome).toEqual(unharmed);
    },
  );
}
