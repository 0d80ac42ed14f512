import { setTimeout as wait } from 'node:timers/promises';
import { until } from '@parley/services';
import { expect, test } from 'vitest';
import type { Deployment } from '../../support/deployment.ts';
import { Gathering } from '../../support/gathering.ts';
import type { Fault } from './without-bus.ts';

const patience = { timeout: 180_000 };
/** Within this time others see that those of a node that crashed are gone. */
const crashMs = 11_000;
/** What a machine that does much else at the same time may take in addition. */
const crowdedMs = 4_000;
/** Longer than anybody who was lost is taken to be here. */
const graceOverMs = 6_500;

/** What holds of presence in any deployment, also of nodes that are not of the same build. */
export function comingAndGoing(deployed: () => Deployment): void {
  test('who comes, types, sends and goes is seen to do so once, at every node', patience, async () => {
    await using gathering = await Gathering.of(deployed(), ['ann', 'bob']);
    const { channelId } = gathering;
    const ann = await gathering.enter('ann', 0);
    await gathering.all('ann', 'online');
    const other = await gathering.enter('ann');
    const bob = await gathering.enter('bob');
    await gathering.all('bob', 'online');
    // What ends before that of bob has not ended by its time.
    bob.send({ type: 'typing', channelId, state: 'start' });
    await gathering.allTyping(['bob']);
    ann.send({ type: 'typing', channelId, state: 'start' });
    await gathering.allTyping(['ann', 'bob']);
    ann.send({ type: 'send', ref: '1', channelId, clientId: 'a', content: 'there' });
    await gathering.allTyping(['bob']);
    bob.send({ type: 'typing', channelId, state: 'stop' });
    await gathering.allTyping([]);
    ann.send({ type: 'typing', channelId, state: 'start' });
    await gathering.allTyping(['ann']);
    await ann.leave();
    await gathering.allTyping([]);
    await bob.leave();
    await gathering.all('bob', 'offline');
    expect(gathering.notes('bob')).toEqual([['online', 'types', 'types no more', 'offline']]);
    await other.leave();
    await gathering.all('ann', 'offline');
    const typing = ['types', 'types no more'];
    expect(gathering.notes('ann')).toEqual([['online', ...typing, ...typing, 'offline']]);
  });
}

/** What holds of presence in any deployment. */
export function presenceLaws(deployed: () => Deployment): void {
  comingAndGoing(deployed);

  test(
    'after a node was killed nobody is seen who is not there, and who came back never was away',
    patience,
    async () => {
      const { nodes } = deployed();
      const last = nodes.length - 1;
      await using gathering = await Gathering.of(deployed(), ['ann', 'bob', 'cy']);
      const { channelId } = gathering;
      await gathering.enter('ann', last);
      const bob = await gathering.enter('bob', last);
      const cy = await gathering.enter('cy', last);
      for (const name of ['ann', 'bob', 'cy']) await gathering.all(name, 'online');
      cy.send({ type: 'typing', channelId, state: 'start' });
      await gathering.allTyping(['cy']);
      gathering.watchers.get(last)?.client.close();
      gathering.watchers.delete(last);
      const [killed] = [nodes[last]?.kill(), bob.crash(), cy.crash()];
      await killed;
      const from = performance.now();
      const isCommon = nodes.length > 1;
      if (isCommon) {
        await Promise.all([gathering.all('bob', 'offline'), gathering.all('cy', 'offline')]);
        await gathering.allTyping([]);
      }
      expect(performance.now() - from).toBeLessThan(crashMs + crowdedMs);
      // Where there is no other node, nobody is there to see it.
      const gone = isCommon ? [['online', 'offline']] : [];
      expect(['ann', 'bob', 'cy'].map((name) => gathering.comings(name))).toEqual([
        isCommon ? [['online']] : [],
        gone,
        gone,
      ]);
      await nodes[last]?.start();
      await gathering.watch(last);
      for (const [name, status] of [
        ['ann', 'online'],
        ['bob', 'offline'],
        ['cy', 'offline'],
      ] as const)
        await gathering.all(name, status);
      await gathering.allTyping([]);
    },
  );

  test('every node is replaced in turn, and nobody is seen to leave who comes back', patience, async () => {
    const { nodes } = deployed();
    await using gathering = await Gathering.of(deployed(), ['ann', 'bob', 'cy']);
    const people = await Promise.all(
      ['ann', 'bob', 'cy'].map((name, i) => gathering.enter(name, i % nodes.length)),
    );
    for (const name of ['ann', 'bob', 'cy']) await gathering.all(name, 'online');
    for (const [i, node] of nodes.entries()) {
      // Those at other nodes watch all the while.
      gathering.watchers.get(i)?.client.close();
      gathering.watchers.delete(i);
      expect(await node.stop()).toEqual({ code: 0, signal: null });
      await node.start();
      await gathering.watch(i);
      await Promise.all(people.map((one) => one.here()));
    }
    for (const name of ['ann', 'bob', 'cy']) await gathering.all(name, 'online');
    await wait(graceOverMs);
    const noted = [...gathering.watchers.values()].flatMap(({ notes }) => notes);
    expect(noted.filter((note) => note.endsWith('offline'))).toEqual([]);
    expect(Math.max(...people.map(({ connections }) => connections))).toBeGreaterThan(1);
  });
}

/** What holds when something happens to what the presence is kept in. */
export function presenceFaultLaws(deployed: () => Deployment, faults: readonly Fault[]): void {
  test.each(faults)('nobody is lost or doubled while $name', patience, async ({ begin, end }) => {
    const names = ['ann', 'bob', 'cy', 'dan'];
    await using gathering = await Gathering.of(deployed(), names);
    const { channelId } = gathering;
    const ann = await gathering.enter('ann', 0);
    await gathering.enter('bob');
    const dan = await gathering.enter('dan');
    for (const name of ['ann', 'bob', 'dan']) await gathering.all(name, 'online');
    ann.send({ type: 'typing', channelId, state: 'start' });
    await gathering.allTyping(['ann']);
    const struck = begin();
    // Whoever comes is welcomed all the same.
    await gathering.enter('cy');
    await dan.leave();
    await struck;
    await gathering.allTyping([]);
    await end?.();
    await until(() => [...gathering.watchers.values()].every(({ stale }) => !stale), {
      what: 'rosters are right again',
      deadline: 90_000,
    });
    await gathering.all('cy', 'online', 60_000);
    await gathering.all('dan', 'offline', 60_000);
    // Those who did not register again would be taken out by then.
    await wait(graceOverMs);
    for (const name of ['ann', 'bob', 'cy']) await gathering.all(name, 'online');
    expect(names.map((name) => gathering.comings(name))).toEqual([
      [['online']],
      [['online']],
      [['online']],
      [['online', 'offline']],
    ]);
  });
}
