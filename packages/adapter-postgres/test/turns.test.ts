import { expect, test } from 'vitest';
import { Turns } from '../src/turns.ts';

test('turns are taken one at a time, in the order of asking', async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const work = async (name: string): Promise<void> => {
    const end = await turns.take();
    seen.push(`${name} begins`);
    await Promise.resolve();
    seen.push(`${name} ends`);
    end();
  };
  await Promise.all(['a', 'b', 'c'].map(work));
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('who gave up waiting is passed over, and keeps nobody waiting', async () => {
  const turns = new Turns();
  const end = await turns.take();
  const impatient = new AbortController();
  const gone = turns.take(impatient.signal);
  const next = turns.take();
  impatient.abort();
  await expect(gone).rejects.toMatchObject({ code: 'ABORTED' });
  end();
  (await next)();
});

test('timers are served between turns that never end', async () => {
  const turns = new Turns();
  const fired: number[] = [];
  setTimeout(() => fired.push(1), 1);
  let taken = 0;
  while (fired.length === 0 && taken < 1_000_000) {
    (await turns.take())();
    taken += 1;
  }
  expect(fired).toEqual([1]);
});
