import type { ChangeBatch, Outcome } from '@parley/presence';
import type { Command } from '../lane.ts';
import { channelKeys } from './keys.ts';
import { leaseIn } from './words.ts';

export interface HoldersBefore {
  readonly looks: readonly Command[];
  readonly displacedBy: (
    found: readonly unknown[],
    outcomes: readonly Outcome[],
  ) => readonly (string | undefined)[];
}

/** Whose the entries are that a batch takes over and asks about, as a look just before it says. */
export function holdersBefore(
  { lease, former, changes }: ChangeBatch,
  baseOf: (channel: string) => string,
): HoldersBefore {
  const asked = [...changes.entries()].filter(
    ([, change]) => change.kind === 'set' && change.take && change.tells === true,
  );
  const looks = asked.flatMap(([, { channel, user }]): Command[] => {
    const [users] = channelKeys(baseOf(channel), channel);
    return users === undefined ? [] : [['hget', users, user]];
  });
  return {
    looks,
    displacedBy(found, outcomes) {
      const all: (string | undefined)[] = changes.map(() => undefined);
      for (const [n, [place, { id }]] of asked.entries()) {
        const holder = leaseIn(found[n], id);
        const isOthers = holder !== undefined && holder !== lease && holder !== former;
        if (isOthers && outcomes[place] === 'done') all[place] = holder;
      }
      return all;
    },
  };
}
