import { expect, test } from 'vitest';
import type { RunningProcess } from '../src/launch.ts';
import { until } from '../src/until.ts';

test('answers with the first answer that is neither false nor undefined', async () => {
  const answers = [undefined, false, 0] as const;
  let asked = 0;
  expect(await until(() => answers[asked++], { what: 'there is one', every: 1 })).toBe(0);
});

test('asks again after a failure, and names the last one when time is up', async () => {
  let asked = 0;
  const question = (): Promise<never> => {
    asked++;
    return Promise.reject(new Error(`failure ${Math.min(asked, 3)}`));
  };
  await expect(until(question, { what: 'it works', deadline: 30, every: 5 })).rejects.toThrow(
    'waited 30 ms until it works: failure 3',
  );
  expect(asked).toBeGreaterThan(2);
});

test('gives up with the output of a process that has ended', async () => {
  const ended: RunningProcess = {
    pid: 1,
    status: () => ({ code: 1, signal: null }),
    exited: Promise.resolve({ code: 1, signal: null }),
    wait: () => Promise.resolve({ code: 1, signal: null }),
    pause: () => Promise.resolve(),
    resume: () => Promise.resolve(),
    kill: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    output: () => Promise.resolve('FATAL: no space'),
  };
  const silence = new Promise<boolean>(() => undefined);
  await expect(until(() => silence, { what: 'it answers', process: ended })).rejects.toMatchObject({
    code: 'SERVER_FAILED',
    output: 'FATAL: no space',
    message: 'waited until it answers, but the process ended with 1\nFATAL: no space',
  });
});
