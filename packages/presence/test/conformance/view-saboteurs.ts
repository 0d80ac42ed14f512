import type { Change } from '@parley/presence';
import { batches, changes, diffs, lookalike, methods, sets, views, type Saboteurs } from './saboteur.ts';

const channels = (change: (name: string) => string) =>
  methods((good) => ({
    change: (batch) =>
      good.change({
        ...batch,
        changes: batch.changes.map((one): Change => ({ ...one, channel: change(one.channel) })),
      }),
    read: (requests) => good.read(requests.map((one) => ({ ...one, channel: change(one.channel) }))),
  }));

export const viewSaboteurs: Saboteurs = {
  'the first entry of a user is a join, and the last one to go a leave': [
    views((view) => ({ ...view, entries: view.users })),
    // A connection more of a user is a user more.
    changes((one) => ({ ...one, user: `${one.user}${one.id}` })),
    // One connection that goes takes the others with it.
    batches((batch) => ({
      ...batch,
      changes: batch.changes.flatMap((one): Change[] =>
        one.kind === 'remove' ? [one, { ...one, id: one.id === 'tab 1' ? 'tab 2' : 'tab 1' }] : [one],
      ),
    })),
    diffs((diff) => (diff.event === 'leave' ? undefined : diff)),
  ],
  'what is done again makes no difference': [
    methods((good) => {
      let turn = 0;
      return {
        change: async (batch) => {
          turn += 1;
          const again = (value: string): string => `${value}${turn}`;
          return good.change({
            ...batch,
            changes: batch.changes.map((one) =>
              one.kind === 'set' ? { ...one, value: again(one.value) } : one,
            ),
          });
        },
      };
    }),
    methods((good) => ({
      change: async (batch) => ({
        ...(await good.change(batch)),
        outcomes: batch.changes.map(() => 'done' as const),
      }),
    })),
  ],
  'of a user the entry of the highest rank is told, and of one rank the one that was set last': [
    sets((one) => ({ ...one, rank: 1 })),
    sets((one) => ({ ...one, rank: 9 - one.rank })),
    diffs((diff) => (diff.event === 'update' ? undefined : diff)),
  ],
  'offsets count from 1 without holes, each channel for itself, and all that was told can be read': [
    diffs((diff) => ({ ...diff, offset: diff.offset - 1 })),
    diffs((diff) => ({ ...diff, at: diff.at + 1 })),
    channels((name) => name.replace(/x.*$/, '').replaceAll(/\d|[a-z]/g, 'c')),
    views((view) => ({ ...view, diffs: view.diffs?.slice(1) })),
  ],
  'behind the last position nothing is read, and of another epoch the members are': [
    methods((good) => ({
      read: (requests) => good.read(requests.map((one) => ({ ...one, after: undefined }))),
    })),
    views((view) => ({ ...view, members: view.members ?? [] })),
    methods((good) => ({
      read: async (requests) => {
        const now = await good.read(requests.map(({ channel }) => ({ channel, limit: 0 })));
        return good.read(
          requests.map((one, i) =>
            one.after === undefined ? one : { ...one, after: { ...one.after, epoch: now[i]?.epoch ?? '' } },
          ),
        );
      },
    })),
  ],
  'who was away for long gets every diff or the members': [
    views((view) => ({ ...view, diffs: view.diffs?.slice(-100) })),
    views((view) => (view.diffs === undefined ? { ...view, diffs: [], members: undefined } : view)),
  ],
  'a view has as many members as it may, and counts all of them': [
    methods((good) => ({ read: (requests) => good.read(requests.map((one) => ({ ...one, limit: 100 }))) })),
    views((view) => ({ ...view, users: view.members?.length ?? view.users })),
  ],
  'a channel that nobody entered has no epoch, and is not made by being read': [
    views((view) => (view.top > 0 ? view : { ...view, epoch: 'first' })),
    views((view) => (view.epoch === '' ? { ...view, members: undefined, diffs: [] } : view)),
  ],
  'who knew a channel as empty is told everything since': [
    methods((good) => ({
      read: (requests) =>
        good.read(requests.map((one) => (one.after?.epoch === '' ? { ...one, after: undefined } : one))),
    })),
    methods((good) => ({
      read: (requests) =>
        good.read(requests.map((one) => ({ ...one, after: one.after ?? { epoch: '', offset: 0 } }))),
    })),
  ],
  'names mean nothing': [
    channels(lookalike),
    channels((name) => name.toLowerCase()),
    channels((name) => name.trim()),
    changes((one) => ({ ...one, user: lookalike(one.user) })),
    changes((one) => ({ ...one, id: lookalike(one.id) })),
  ],
  'values may be any well-formed text without NUL': [
    sets((one) => ({ ...one, value: one.value.trim() })),
    sets((one) => ({ ...one, value: one.value.slice(0, 1_000) })),
    views((view) => ({
      ...view,
      members: view.members?.map((one) => ({
        ...one,
        value: one.value.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?'),
      })),
    })),
  ],
  'one call changes and reads as much as the store allows, and answers in order': [
    methods((good) => ({ read: async (requests) => (await good.read(requests)).toReversed() })),
    methods((good) => ({
      change: async (batch) => {
        const changed = await good.change(batch);
        return { ...changed, outcomes: changed.outcomes.toReversed() };
      },
    })),
  ],
  'of many who change one channel at once each is told, and nobody else': [
    // Two joins of one user, as from two who looked before either changed anything.
    methods((good) => ({
      change: async (batch) => {
        const changed = await good.change(batch);
        const twice = changed.appended.map((one) => ({
          ...one,
          diffs: one.diffs.flatMap((diff) => (diff.user === 'ann' ? [diff, diff] : [diff])),
        }));
        return { ...changed, appended: twice };
      },
    })),
    diffs((diff) => (diff.user === 'u7' ? undefined : diff)),
  ],
};
