import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../src/random.ts';
import type { Subject } from '../../src/scenario.ts';
import { Member } from '../cache/member.ts';
import type { CrowdSetup } from './crowd-process.ts';
import { openPresence } from './open.ts';
import type { Place } from './open.ts';

const members = 1_000;
const heartbeatMs = 2_500;
const processFile = new URL('crowd-process.ts', import.meta.url);

/**
 * From the death of a process until another one has been told that the last of its members is gone. How long that takes depends on when it
 * would have sent its next heartbeat, so there are several deaths, spread evenly over the time between two.
 */
export const crashLeave: Subject = async ({ url, prefix, seed, quick }) => {
  const place: Place = { server: 'redis', url: url('redis'), prefix };
  const random = seededRandom(seed);
  const { presence, close } = await openPresence(place);
  let crashes = 0;
  let figures: Record<string, number> = {};

  async function crash(afterMs: number): Promise<number> {
    const channel = `room-${crashes++}`;
    const left = new Set<string>();
    const all = Promise.withResolvers<void>();
    const watch = presence.watch(channel, (event) => {
      if (event.type !== 'leave') return;
      if (left.has(event.user)) all.reject(new Error(`${event.user} left twice`));
      left.add(event.user);
      if (left.size === members) all.resolve();
    });
    await watch.ready();
    const crowd = await Member.start<string, string>(processFile, {
      place,
      channel,
      members,
    } satisfies CrowdSetup);
    while (watch.current.members.length < members) await sleep(10);
    await sleep(afterMs);
    if (left.size > 0) throw new Error('somebody left before the crash');
    const from = performance.now();
    crowd.stop();
    await all.promise;
    const seconds = (performance.now() - from) / 1_000;
    watch.close();
    return seconds;
  }

  return {
    async op() {
      // The first round is discarded.
      const count = crashes === 0 ? 1 : quick ? 3 : 11;
      const seconds: number[] = [];
      while (seconds.length < count)
        seconds.push(await crash(((seconds.length + random()) / count) * heartbeatMs));
      seconds.sort((a, b) => a - b);
      figures = { shortest: seconds[0] ?? 0, max: seconds.at(-1) ?? Number.NaN };
      return seconds[Math.floor(count / 2)];
    },
    figures: () => figures,
    teardown: close,
  };
};
