import type { Logger } from '@parley/cache-core/kernel';
import type { LimitStore, Target } from '@parley/ratelimit';
import { byTag } from '../bus/by-tag.ts';
import { internalsOf, type RedisConnection } from '../connection.ts';
import { warnOfEviction } from '../eviction.ts';
import { requirePrefix } from '../keys.ts';
import type { Lane, Word } from '../lane.ts';
import { loadScript, type Script } from '../script.ts';
import { slotOf } from '../slot.ts';
import { within } from '../within.ts';
import { limitKeys } from './keys.ts';
import { changeScript, isTogether, takeScript, takeSpread } from './spread.ts';
import { heldOf, peekedOf, takeCall, takenOf, targetCall, type KeyedTaken } from './words.ts';

export interface RedisLimitStoreOptions {
  /** Stands before every key. @default the prefix of the connection */
  readonly prefix?: string | undefined;
  /** Told when the server may evict counts. @default a warning of the process */
  readonly logger?: Pick<Logger, 'warn'> | undefined;
}

const peekScript = loadScript('ratelimit/now', 'ratelimit/counts', 'ratelimit/entries', 'ratelimit/peek');
const holdScript = loadScript('ratelimit/now', 'ratelimit/counts', 'ratelimit/entries', 'ratelimit/hold');

/**
 * Counts in Redis for all processes that use the same prefix, by the server's clock. A call is one script, in Cluster one for each identity. The
 * connection stays the caller's to close.
 */
export function redisLimitStore(
  connection: RedisConnection,
  options: RedisLimitStoreOptions = {},
): LimitStore {
  const { reads, changes, clock } = internalsOf(connection);
  const prefix = requirePrefix('prefix', options.prefix ?? connection.prefix);
  const keys = limitKeys(prefix);
  const { clustered } = changes;
  warnOfEviction(connection, { clock, what: 'limits', logger: options.logger });

  const groupsOf = <Item>(items: readonly Item[], identityOf: (item: Item) => string) =>
    clustered ? byTag(items, identityOf) : [{ tag: '', items, places: items.map((_, i) => i) }];

  /** A script over what is kept of identities by rules. */
  const each = async <Item extends Target, Reply>(
    lane: Lane,
    what: string,
    script: Script,
    items: readonly Item[],
    wordsOf: (item: Item) => readonly Word[],
    read: (reply: unknown, count: number) => Reply[],
  ): Promise<Reply[]> => {
    const groups = groupsOf(items, ({ identity }) => identity);
    const replies = await lane.runAll(
      what,
      script,
      groups.map((group) => targetCall(keys, group.items, wordsOf)),
    );
    const all: Reply[] = [];
    for (const [i, group] of groups.entries()) {
      const own = read(replies[i], group.items.length);
      for (const [j, place] of group.places.entries()) {
        const reply = own[j];
        if (reply !== undefined) all[place] = reply;
      }
    }
    return all;
  };

  return {
    name: 'redis',
    prefix,
    capabilities: { shared: true, allOrNone: clustered ? 'identity' : 'always', maxBatch: 256 },
    ...(clustered && {
      placeOf: (identity: string) => {
        const holder = changes.link.holderOf(slotOf(keys.placeOf(identity)));
        return holder === undefined ? '' : `${holder.host}:${holder.port}`;
      },
    }),

    take: (requests, call) =>
      within(requests, call, async () => {
        const all: KeyedTaken[] = [];
        const keyed = requests.map((request, place) => {
          const { charges } = request;
          return { request, charges, identity: charges[0]?.identity ?? '', place };
        });
        const apart = keyed.filter(({ request }) => clustered && !isTogether(request));
        const groups = groupsOf(
          apart.length === 0 ? keyed : keyed.filter((one) => !apart.includes(one)),
          ({ identity }) => identity,
        ).filter(({ items }) => items.length > 0);
        const spread = Promise.all(
          apart.map(async ({ request, place }) => {
            all[place] = await takeSpread({ changes, keys }, request);
          }),
        );
        const together = changes.runAll(
          'charge limits',
          takeScript,
          groups.map(({ items }) => takeCall(keys, items)),
        );
        const [replies] = await Promise.all([together, spread]);
        for (const [i, { items }] of groups.entries()) {
          const own = takenOf(replies[i], items);
          for (const [j, { place }] of items.entries()) {
            const taken = own[j];
            if (taken !== undefined) all[place] = taken;
          }
        }
        return all;
      }),

    peek: (charges, call) =>
      within(charges, call, () =>
        each(reads, 'look at limits', peekScript, charges, ({ cost }) => [cost], peekedOf),
      ),

    adjust: (adjustments, call) =>
      within(adjustments, call, () =>
        each(changes, 'adjust limits', changeScript, adjustments, ({ by }) => ['a', by], peekedOf),
      ),

    block: (blocks, call) =>
      within(blocks, call, () =>
        each(changes, 'block', changeScript, blocks, ({ forMs }) => ['b', forMs], peekedOf),
      ),

    reset: async (targets, call) => {
      await within(targets, call, () =>
        changes.all(
          'reset limits',
          targets.map(({ rule, identity }) => ['unlink', keys.countOf(rule, identity)] as const),
        ),
      );
    },

    release: (holds, call) =>
      within(holds, call, () =>
        each(changes, 'release slots', holdScript, holds, ({ holder }) => ['e', holder], heldOf),
      ),

    renew: (holds, call) =>
      within(holds, call, () =>
        each(changes, 'renew slots', holdScript, holds, ({ holder }) => ['r', holder], heldOf),
      ),

    health: () => connection.health({ holds: 'state' }),
  };
}
