import { Latencies } from '../../src/load/latencies.ts';
import type { ServerName } from '../../src/servers.ts';
import type { Subject, Subjects } from '../../src/scenario.ts';
import { Member } from '../cache/member.ts';
import { bareTeller } from './bare-told.ts';
import { machineMs } from './machine-clock.ts';
import { openPresence } from './open.ts';
import type { Place } from './open.ts';
import type { WatcherSetup, What } from './watcher-process.ts';

const watcherFile = new URL('watcher-process.ts', import.meta.url);

/** Carries out one change. */
export interface Teller {
  tell(name: string): Promise<unknown>;

  /** What has to be done before the next one, and is not measured. */
  after?(name: string): Promise<unknown>;
  close(): Promise<void>;
}

type OpenTeller = (place: Place, what: What) => Promise<Teller>;

const oursTeller: OpenTeller = async (place, what) => {
  const { presence, close } = await openPresence(place);
  const channel = 'general';
  if (what === 'typing') {
    return {
      tell: (user) => presence.typing.start(channel, { user }),
      after: (user) => presence.typing.stop(channel, { user }),
      close,
    };
  }
  await presence.connect({ user: 'ann' }).join(channel);
  return { tell: (text) => presence.setStatus('ann', { availability: 'dnd', text }), close };
};

/** The p99 from the call in this process until it is seen in another one, one after the other. */
function told(server: ServerName, what: What, by: 'ours' | 'floor'): Subject {
  return async ({ url, prefix, quick }) => {
    const place: Place = { server, url: url(server), prefix };
    const teller = await (by === 'ours' ? oursTeller : bareTeller)(place, what);
    const watcher = await Member.start<string, number>(watcherFile, {
      place,
      what,
      by,
    } satisfies WatcherSetup);
    let figures: Record<string, number> = {};
    let names = 0;
    return {
      async op() {
        const latencies = new Latencies();
        for (let i = 0; i < (quick ? 100 : 500); i++) {
          const name = `number-${names++}`;
          const from = machineMs();
          await teller.tell(name);
          latencies.record((await watcher.ask(name)) - from);
          await teller.after?.(name);
        }
        const { p50, p90, p99, max } = latencies.percentiles();
        figures = { p50, p90, p99, max };
        return p99;
      },
      figures: () => figures,
      async teardown() {
        watcher.stop();
        await teller.close();
      },
    };
  };
}

const subjects = (server: ServerName, what: What): Subjects => ({
  ours: told(server, what, 'ours'),
  floor: told(server, what, 'floor'),
});

export const statusRedis: Subjects = subjects('redis', 'status');
export const statusPostgres: Subjects = subjects('postgres', 'status');
export const typing: Subjects = subjects('redis', 'typing');
