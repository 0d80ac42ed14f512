import { createInstanceId } from '@parley/cache-core/kernel';
import type { Changed, Outcome, PartCall, PresenceStore, View } from '@parley/presence';
import { byTag } from '../bus/by-tag.ts';
import { internalsOf, type RedisConnection } from '../connection.ts';
import { requirePrefix } from '../keys.ts';
import { asList } from '../lane.ts';
import { loadScript, type Script } from '../script.ts';
import { within } from '../within.ts';
import { answersOf, type Answer } from './answers.ts';
import { beatOf } from './beats.ts';
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

  /** A script in each partition, and what became of it there. */
  const inEach = (
    what: string,
    script: Script,
    wordsOf: (base: string, i: number) => readonly (string | number)[],
    call: PartCall | undefined,
  ): Promise<Answer[]> =>
    within(keys.bases, call, () => {
      const calls = keys.bases.map((base, i) =>
        changes.run(what, script, [leasesOf(base)], wordsOf(base, i)),
      );
      return answersOf(calls, { clock, waitMs: call?.partMs });
    });

  return {
    name: 'redis',
    prefix,
    capabilities: { shared: true, maxValueBytes: 64 * 1024, maxBatch: 512, maxMembers: 100_000 },
    ...(changes.clustered && { partOf: keys.baseOf }),

    open: async (lease, leaseMs, call) => {
      const words = [lease, Math.ceil(leaseMs)];
      const answers = await inEach('begin a lease', scripts.open, () => words, call);
      return answers.map((answer) => ('value' in answer ? String(answer.value) : '')).join(' ');
    },

    beat: async (lease, leaseMs, call) => {
      const words = [lease, Math.ceil(leaseMs)];
      return beatOf(await inEach('renew a lease', scripts.beat, () => words, call));
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
      const calls = keys.bases.map((base) => ({ keys: [leasesOf(base)], words: leases }));
      await within(leases, call, () => changes.runAll('end leases', scripts.end, calls));
    },

    reap: async (limit, call) => {
      const terms = reapTerms(call?.within, keys.bases.length);
      const wordsOf = (base: string, i: number) => [base, limit, terms[i]?.latest ?? 0];
      const replies = await inEach('reap', scripts.reap, wordsOf, call);
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
