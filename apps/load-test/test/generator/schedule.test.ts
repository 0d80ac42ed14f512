import { expect, it } from 'vitest';
import { runSchedule } from '../../src/generator/schedule.ts';

/** Time that passes when somebody waits, and by as much as a call takes. */
function clock(start = 0) {
  let time = start;
  return {
    now: () => time,
    pass: (ms: number) => void (time += ms),
    wait: async (ms: number) => void (time += Math.max(0, ms)),
  };
}

it('each call is made when it is due', async () => {
  const { now, wait } = clock(1_000);
  const calls: number[][] = [];
  const count = await runSchedule({
    rate: 4,
    from: 1_500,
    until: 2_500,
    now,
    wait,
    call: (nth, due) => calls.push([nth, due, now()]),
  });
  expect(count).toBe(4);
  expect(calls).toEqual([
    [0, 1_500, 1_500],
    [1, 1_750, 1_750],
    [2, 2_000, 2_000],
    [3, 2_250, 2_250],
  ]);
});

it('whoever is held up makes up for it at once, and each call knows when it was due', async () => {
  const { now, wait, pass } = clock();
  const lateness: number[] = [];
  await runSchedule({
    rate: 10,
    from: 0,
    until: 500,
    now,
    wait,
    call: (nth, due) => {
      lateness.push(now() - due);
      if (nth === 0) pass(350);
    },
  });
  expect(lateness).toEqual([0, 250, 150, 50, 0]);
});

it('nothing is called at a rate of none, and nobody is called when it is stopped', async () => {
  const { now, wait } = clock();
  const call = (): never => expect.unreachable();
  expect(await runSchedule({ rate: 0, from: 0, until: 1_000, now, wait, call })).toBe(0);
  expect(await runSchedule({ rate: 5, from: 0, until: 1_000, now, wait, call, stopped: () => true })).toBe(0);
});

it('others are heard in between, however much is to be made up for', async () => {
  let waits = 0;
  let calls = 0;
  let most = 0;
  await runSchedule({
    rate: 1_000,
    from: 0,
    until: 1_000,
    now: () => 5_000,
    wait: async () => {
      most = Math.max(most, calls);
      calls = 0;
      waits += 1;
    },
    call: () => (calls += 1),
  });
  expect(waits).toBeGreaterThan(20);
  expect(most).toBeLessThanOrEqual(50);
});
