import { createInstanceId } from '@parley/cache-core/kernel';
import type { Changed, Outcome, PresenceStore, View } from '@parley/presence';
import { byTag } from '../bus/by-tag.ts';
import { internalsOf, type RedisConnection } from '../connection.ts';
import { requirePrefix } from '../keys.ts';
import { asList } from '../lane.ts';
import { loadScript, type Script } from '../script.ts';
import { within } from '../within.ts';
import { answersOf } from './answers.ts';
import { holdersBefore } from './holders.ts';
import { channelKeys, leasesOf, presenceKeys } from './keys.ts';
import { reapedOf, reapTerms } from './reaped.ts';
import { appendedOf, viewOf, wordOf } from './words.ts';

export interface RedisPresenceStoreOptions {
  /** Stands before every key. @default the prefix of the connection */
  readonly prefix?: string | undefined;
}

const scripts = {
  open: loadScript('bus/history', 'presence/open'),
  beat: loadScript('bus/history', 'presence/beat'),
  end: loadScript('presence/end'),
  change: loadScript('bus/history', 'presence/channel', 'presence/change'),
  reap: loadScript('bus/history', 'presence/channel', 'presence/reap'),
  read: loadScript('bus/history', 'presence/read'),
};

const outcomes: Readonly<Record<string, Outcome>> = { d: 'done', s: 'same', t: 'taken' };

/**
 * Who is where, for all processes that use the same prefix. Each call is one script, in Cluster one for each partition that it is about. The
 * connection stays the caller's to close.
 */
export function redisPresenceStore(
  connection: RedisConnection,
  options: RedisPresenceStoreOptions = {},
): PresenceStore {
  const { reads, changes, clock } = internalsOf(connection);
  const prefix = requirePrefix('prefix', options.prefix ?? connection.prefix);
  const keys = presenceKeys(prefix, changes.clustered);
  // Random, and with the server's clock in it by the script.
  const nonce = createInstanceId({ clock }).slice(-10);

  /** A script in every partition. */
  const everywhere = (
    what: string,
    script: Script,
    words: readonly (string | number)[],
  ): Promise<unknown[]> =>
    changes.runAll(
      what,
      script,
      keys.bases.map((base) => ({ keys: [leasesOf(base)], words })),
    );

  return {
    name: 'redis',
    prefix,
    capabilities: { shared: true, maxValueBytes: 64 * 1024, maxBatch: 512, maxMembers: 100_000 },
    ...(changes.clustered && { partOf: keys.baseOf }),

    open: async (lease, leaseMs, call) => {
      const replies = await within([lease], call, () =>
        everywhere('begin a lease', scripts.open, [lease, Math.ceil(leaseMs)]),
      );
      return replies.map(String).join(' ');
    },

    beat: async (lease, leaseMs, call) => {
      const replies = await within([lease], call, () =>
        everywhere('renew a lease', scripts.beat, [lease, Math.ceil(leaseMs)]),
      );
      const answers = replies.map(asList);
      return {
        held: answers.every(([held]) => Number(held) === 1),
        epoch: answers.map(([, history]) => String(history)).join(' '),
      };
    },

    change: async (batch, call): Promise<Changed> => {
      const { lease, turn, former = '', changes: wanted } = batch;
      const { looks, displacedBy } = holdersBefore(batch, keys.baseOf);
      // In one write with the changes, so that hardly anything comes in between.
      const found = looks.length === 0 ? [] : changes.all('look who has it', looks).catch(() => []);
      const groups = byTag(wanted, ({ channel }) => keys.baseOf(channel));
      const replies = await within(wanted, call, () =>
        changes.runAll(
          'change presence',
          scripts.change,
          groups.map(({ tag: base, items }) => ({
            keys: [leasesOf(base)],
            words: [base, lease, turn, former, nonce, ...items.map(wordOf)],
          })),
        ),
      );
      const answers = replies.map(asList);
      const verdicts = new Set(answers.map(([verdict]) => String(verdict)));
      const all: Outcome[] = wanted.map(() => 'same');
      for (const [i, { places }] of groups.entries()) {
        const [, , letters = ''] = answers[i]?.map(String) ?? [];
        for (const [j, place] of places.entries()) all[place] = outcomes[letters.charAt(j)] ?? 'same';
      }
      return {
        verdict: verdicts.has('lapsed') ? 'lapsed' : verdicts.has('late') ? 'late' : 'done',
        outcomes: all,
        appended: answers.flatMap(([, now, , ...told]) => appendedOf(told, Number(now))),
        displaced: displacedBy(await found, all),
      };
    },

    end: async (leases, call) => {
      await within(leases, call, () => everywhere('end leases', scripts.end, leases));
    },

    reap: async (limit, call) => {
      const terms = reapTerms(call?.within, keys.bases.length);
      const replies = await within([limit], call, () =>
        answersOf(
          keys.bases.map((base, i) =>
            changes.run('reap', scripts.reap, [leasesOf(base)], [base, limit, terms[i]?.latest ?? 0]),
          ),
          { clock, waitMs: call?.partMs },
        ),
      );
      return reapedOf(replies, terms);
    },

    read: (requests, call) =>
      within(requests, call, async () => {
        const groups = byTag(requests, ({ channel }) => keys.baseOf(channel));
        const replies = await reads.runAll(
          'read presence',
          scripts.read,
          groups.map(({ tag: base, items }) => ({
            keys: items.flatMap(({ channel }) => channelKeys(base, channel)),
            words: items.flatMap(({ after, limit }) => [after?.epoch ?? '-', after?.offset ?? 0, limit]),
          })),
        );
        const views: View[] = [];
        for (const [i, { places }] of groups.entries()) {
          const [now, ...answers] = asList(replies[i]);
          for (const [j, place] of places.entries())
            views[place] = viewOf(String(answers[2 * j]), String(answers[2 * j + 1]), Number(now));
        }
        return views;
      }),

    health: () => connection.health({ holds: 'state' }),
  };
}
