import { virtualClock } from '@parley/cache-core/kernel';
import { expect, test } from 'vitest';
import { linesIn } from '../../src/backup/lines-in.ts';
import { whileRead } from '../../src/backup/while-read.ts';

test('a stream that nobody reads ends, with what is behind it', async () => {
  const clock = virtualClock();
  let ended = false;
  async function* lines(): AsyncGenerator<string> {
    try {
      for (;;) yield 'x'.repeat(100_000);
    } finally {
      ended = true;
    }
  }
  const stream = whileRead(lines(), { clock, idleMs: 1_000 });
  const failure = new Promise<Error>((resolve) => stream.once('error', resolve));
  await new Promise((resolve) => stream.once('data', resolve));
  stream.pause();
  await new Promise(setImmediate);
  await clock.advance(1_001);
  expect((await failure).message).toContain('nobody reads');
  await expect.poll(() => ended).toBe(true);
});

test('a stream that nobody begins to read ends as well', async () => {
  const clock = virtualClock();
  async function* lines(): AsyncGenerator<string> {
    yield 'never read';
  }
  const stream = whileRead(lines(), { clock, idleMs: 1_000 });
  const failure = new Promise<Error>((resolve) => stream.once('error', resolve));
  await clock.advance(1_001);
  expect((await failure).message).toContain('nobody reads');
});

test('lines are found wherever the pieces end, and too long a one is not kept', async () => {
  async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
    for (const text of texts) yield Buffer.from(text);
  }
  const all = async (...texts: readonly string[]): Promise<string[]> => {
    const found: string[] = [];
    for await (const { number, text } of linesIn(pieces(...texts), 10)) found.push(`${number} ${text}`);
    return found;
  };
  expect(await all('a\nb', 'c\n', '\nd')).toEqual(['1 a', '2 bc', '3 ', '4 d']);
  await expect(all('a\n', '123456', '78901')).rejects.toThrow('line 2');
});
