import { virtualClock } from '@parley/cache-core/kernel';
import { expect, test } from 'vitest';
import { Follower } from '../src/follower.ts';
import { emptyStats } from '../src/stats.ts';
import type { Diff, View } from '../src/view.ts';

const join = (offset: number, user: string): Diff => ({
  event: 'join',
  offset,
  at: 1,
  user,
  rank: 1,
  value: '',
});
const word = (...diffs: Diff[]) => ({ epoch: 'e', top: diffs.at(-1)?.offset ?? 0, diffs });

const empty: View = { epoch: 'e', top: 0, at: 0, users: 0, entries: 0, members: [] };

/** A follower whose reads the test answers. */
function scripted() {
  const clock = virtualClock();
  const asked: {
    answer: (view: View) => void;
    fail: () => void;
    after: number | undefined;
    limit: number;
  }[] = [];
  const told: string[] = [];
  const stats = emptyStats();
  const follower = new Follower({
    channel: 'c',
    clock,
    stats,
    largeAbove: 100,
    sample: 10,
    sampleMs: 1_000,
    gatherMs: 5_000,
    slackMs: 1_000,
    read: ({ after, limit }) => {
      const { promise, resolve, reject } = Promise.withResolvers<View>();
      asked.push({ answer: resolve, fail: () => reject(new Error('away')), after: after?.offset, limit });
      return promise;
    },
  });
  follower.listen({
    changed: ({ event, user }) => told.push(`${event} ${user}`),
    replaced: () => told.push('replaced'),
    stale: (stale) => told.push(stale ? 'stale' : 'right'),
    missing: (members) => told.push(`missing ${members.map(({ user }) => user).join(' ')}`),
  });
  const answer = async (view: Partial<View>): Promise<void> => {
    asked.shift()?.answer({ ...empty, ...view });
    await clock.settle();
  };
  const fail = async (): Promise<void> => {
    asked.shift()?.fail();
    await clock.settle();
  };
  return { clock, asked, told, stats, follower, answer, fail };
}

test('what is told while the store is read is not lost', async () => {
  const { follower, asked, answer, told, clock } = scripted();
  void follower.look();
  follower.hear(word(join(1, 'ann')));
  follower.hear(word(join(2, 'bob')));
  // The answer was on its way before the second one came.
  await answer({ top: 1, users: 1, members: [{ user: 'ann', rank: 1, value: '' }] });
  await clock.settle();
  expect(told.filter((one) => one.startsWith('join'))).toEqual(['join ann', 'join bob']);
  expect([asked.length, follower.stale]).toEqual([0, false]);
});

test('a hole in what is told while the store is read is read', async () => {
  const { follower, asked, answer, told } = scripted();
  void follower.look();
  follower.hear(word(join(3, 'cy')));
  await answer({ top: 1, users: 1, members: [{ user: 'ann', rank: 1, value: '' }] });
  expect(asked.map(({ after }) => after)).toEqual([1]);
  await answer({ top: 3, users: 3, members: undefined, diffs: [join(2, 'bob'), join(3, 'cy')] });
  expect(told.filter((one) => one.startsWith('join'))).toEqual(['join ann', 'join bob', 'join cy']);
});

test('what is told twice, or of which only the place is told, does no harm', async () => {
  const { follower, asked, answer, told, stats } = scripted();
  void follower.look();
  await answer({});
  told.splice(0);
  follower.hear(word(join(1, 'ann')));
  follower.hear(word(join(1, 'ann')));
  expect(told).toEqual(['join ann']);
  follower.hear({ epoch: 'e', top: 2, diffs: [] });
  expect(stats.holes).toBe(1);
  expect(asked.map(({ after }) => after)).toEqual([1]);
  await answer({ top: 2, users: 2, members: undefined, diffs: [join(2, 'bob')] });
  expect(told).toEqual(['join ann', 'join bob']);
});

test('the first diff of a channel that nobody had entered needs no reading', async () => {
  const { follower, asked, answer, told } = scripted();
  void follower.look();
  await answer({ epoch: '' });
  told.splice(0);
  follower.hear(word(join(1, 'ann')));
  expect([told, asked.length]).toEqual([['join ann'], 0]);
});

test('a view that cannot be read stays as it was, and says so', async () => {
  const { follower, asked, answer, told, clock } = scripted();
  void follower.look();
  await answer({ top: 1, users: 1, members: [{ user: 'ann', rank: 1, value: '' }] });
  told.splice(0);
  void follower.look();
  asked.shift()?.fail();
  await clock.settle();
  expect([told, [...follower.members.keys()], follower.stale]).toEqual([['stale'], ['ann'], true]);
});

test('what is told while it is read how long somebody stays is not undone by the answer', async () => {
  const { follower, asked, answer, told, clock } = scripted();
  void follower.look();
  await answer({ top: 1, users: 1, members: [{ user: 'ann', rank: 1, value: '', endsInMs: 100 }] });
  await clock.advance(1_200);
  expect(asked.map(({ after }) => after)).toEqual([undefined]);
  follower.hear(word(join(2, 'bob')));
  await answer({ top: 1, users: 1, members: [{ user: 'ann', rank: 1, value: '', endsInMs: 5_000 }] });
  expect(told.filter((one) => one !== 'right')).toEqual(['join ann', 'join bob']);
  expect([...follower.members.keys()]).toEqual(['ann', 'bob']);
});

const crowd = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ user: `user ${i}`, rank: 1, value: '' }));

test('a large channel that has become smaller is a sample until everybody could be read', async () => {
  const { follower, asked, answer, fail } = scripted();
  void follower.look();
  await answer({ top: 700, users: 700, members: crowd(10) });
  void follower.look();
  await answer({ top: 1_350, users: 50, members: crowd(10) });
  expect(asked.map(({ limit }) => limit)).toEqual([100]);
  await fail();
  expect([follower.complete, follower.stale]).toEqual([false, true]);
  void follower.look();
  expect(asked.map(({ after, limit }) => [after, limit])).toEqual([[undefined, 100]]);
  await answer({ top: 1_350, users: 50, members: crowd(50) });
  expect([follower.complete, follower.stale, follower.members.size]).toEqual([true, false, 50]);
});

test('who was taken to be over while the store was away is there again when it says so', async () => {
  const { follower, asked, answer, fail, told, clock } = scripted();
  const ann = { user: 'ann', rank: 1, value: '' };
  void follower.look();
  await answer({ top: 1, users: 1, members: [{ ...ann, endsInMs: 100 }] });
  // It was set again meanwhile, of which the log says nothing.
  await clock.advance(1_200);
  await fail();
  expect(told.at(-1)).toBe('leave ann');
  void follower.look();
  expect(asked.map(({ after }) => after)).toEqual([undefined]);
  await answer({ top: 1, users: 1, members: [{ ...ann, endsInMs: 5_000 }] });
  expect([[...follower.members.keys()], follower.stale]).toEqual([['ann'], false]);
});

test('a look that is asked for while another one fails is done', async () => {
  const { follower, answer, fail } = scripted();
  void follower.look();
  void follower.look();
  await fail();
  await answer({});
  expect(follower.stale).toBe(false);
});

test('a store that loses its data again is given the whole time again, and who is missing is told again', async () => {
  const { follower, answer, told, clock } = scripted();
  const ann = { user: 'ann', rank: 1, value: '' };
  void follower.look();
  await answer({ top: 1, users: 1, members: [ann] });
  void follower.look();
  await answer({ epoch: 'f' });
  await clock.advance(3_000);
  follower.hear({ epoch: 'f', top: 1, diffs: [join(1, 'ann')] });
  void follower.look();
  await answer({ epoch: 'g' });
  expect(told.filter((one) => one.startsWith('missing'))).toEqual(['missing ann', 'missing ann']);
  await clock.advance(4_900);
  expect([...follower.members.keys()]).toEqual(['ann']);
  await clock.advance(200);
  expect([...follower.members.keys()]).toEqual([]);
});
