import { setTimeout as sleep } from 'node:timers/promises';
import type { PresenceStore } from '@parley/presence';
import type { Subject } from '../../src/scenario.ts';
import { channelNames, joinAll, leaveAll, mustBeThere } from './crowd.ts';
import { openPresence } from './open.ts';
import type { Place } from './open.ts';
import { commandsOf } from './redis-figures.ts';
import type { Commands } from './redis-figures.ts';

const beatsCounted = 15;

/** What the server was asked for while each heartbeat was under way. */
type Count = () => Promise<Commands>;

function counting(count: Count, beats: Commands[]): (store: PresenceStore) => PresenceStore {
  return (store) => ({
    ...store,
    beat: async (...call) => {
      const before = await count();
      const beat = await store.beat(...call);
      const after = await count();
      // One of the others is the first of the two questions.
      beats.push({ sent: after.sent - before.sent, others: after.others - before.others - 1 });
      return beat;
    },
  });
}

/** Now and then something else is under way at the same time; the median is the heartbeat alone. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function beatsOf(place: Place, count: Count, crowd: number | undefined): Promise<Commands> {
  const beats: Commands[] = [];
  // More often than by default, so that there are enough of them.
  const { presence, close } = await openPresence(place, {
    heartbeat: '100ms',
    through: counting(count, beats),
  });
  try {
    const names = crowd === undefined ? [] : channelNames(crowd);
    const connections = crowd === undefined ? [] : await joinAll(presence, names);
    if (crowd === undefined) await presence.connect({ user: 'somebody' }).ready();
    else await mustBeThere(presence, names);
    const from = beats.length;
    while (beats.length < from + beatsCounted) await sleep(20);
    const counted = beats.slice(from);
    await leaveAll(connections);
    return {
      sent: medianOf(counted.map(({ sent }) => sent)),
      others: medianOf(counted.map(({ others }) => others)),
    };
  } finally {
    await close();
  }
}

/** What one heartbeat asks of the server for a process with many entries, and for one with a single one. */
export const heartbeat: Subject = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis-6');
  const operator = new Redis(url('redis'));
  const count: Count = () => commandsOf(operator);
  const place: Place = { server: 'redis', url: url('redis'), prefix };
  let crowds = 0;
  let figures: Record<string, number> = {};
  return {
    async op() {
      const alone = await beatsOf(place, count, undefined);
      const full = await beatsOf(place, count, crowds++);
      figures = {
        insideScript: full.others,
        moreThanAlone: full.sent + full.others - alone.sent - alone.others,
      };
      return full.sent;
    },
    figures: () => figures,
    teardown: () => operator.disconnect(),
  };
};
