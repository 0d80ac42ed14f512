import { describe, expect, test } from 'vitest';
import { each } from '../../src/socket/each.ts';
import { FrameEncoder, frameOf } from '../../src/socket/encode.ts';
import { sameOrigin } from '../../src/socket/greet.ts';
import { Lanes } from '../../src/socket/lanes.ts';
import { FrameRate } from '../../src/socket/rate.ts';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { textsIn } from '../support/texts-in.ts';

describe('what is written at one time', () => {
  test('is encoded once for all who are sent the same', () => {
    const encoder = new FrameEncoder();
    const frame = encoder.encode(['a', 'b']);
    expect(textsIn(frame)).toEqual(['a\nb']);
    expect(encoder.encode(['a', 'b'])).toBe(frame);
    expect(textsIn(encoder.encode(['a', 'c']))).toEqual(['a\nc']);
    expect(textsIn(encoder.encode(['a']))).toEqual(['a']);
    for (let i = 0; i < 20; i += 1) expect(textsIn(encoder.encode(['a', `${i}`]))).toEqual([`a\n${i}`]);
  });

  test.each([0, 1, 125, 126, 65_535, 65_536, 200_000])('is a frame of its length: %i bytes', (size) => {
    const text = 'x'.repeat(size);
    expect(textsIn(frameOf(text))).toEqual([text]);
  });

  test('is measured in bytes, not in characters', () => {
    for (const text of ['ü'.repeat(100), '€'.repeat(40_000), '😀'.repeat(60)])
      expect(textsIn(Buffer.concat([frameOf(text), frameOf('next')]))).toEqual([text, 'next']);
  });
});

describe('lanes', () => {
  test('keep the order within each, and say when nothing is at work', async () => {
    const done: string[] = [];
    const lanes = new Lanes({ together: async () => {}, onDone() {} });
    const gate = Promise.withResolvers<void>();
    lanes.run('a', async () => {
      await gate.promise;
      done.push('a1');
    });
    lanes.run('a', async () => void done.push('a2'));
    lanes.run('b', async () => void done.push('b1'));
    const idle = lanes.idle();
    await Promise.resolve();
    expect(done).toEqual(['b1']);
    gate.resolve();
    await idle;
    expect(done).toEqual(['b1', 'a1', 'a2']);
    expect(lanes.waiting).toBe(0);
    lanes.run('a', async () => void done.push('a3'));
    await lanes.idle();
    expect(done.at(-1)).toBe('a3');
  });
});

describe('what is gathered in a lane', () => {
  test('is done together when its turn comes, and keeps its place among the rest', async () => {
    const done: string[] = [];
    const waiting: number[] = [];
    const lanes: Lanes<string> = new Lanes({
      async together(items) {
        await Promise.resolve();
        done.push(items.join('+'));
      },
      onDone: () => waiting.push(lanes.waiting),
    });
    const gate = Promise.withResolvers<void>();
    lanes.run('a', () => gate.promise);
    lanes.gather('a', '1');
    lanes.gather('a', '2');
    lanes.gather('b', 'alone');
    lanes.run('a', async () => void done.push('between'));
    lanes.gather('a', '3');
    lanes.gather('a', '4');
    expect(lanes.waiting).toBe(7);
    gate.resolve();
    await lanes.idle();
    expect(done).toEqual(['alone', '1+2', 'between', '3+4']);
    // Whoever goes on because of it must see what is left without it.
    expect(waiting).toEqual([6, 5, 3, 2, 0]);
  });

  test('is gathered from one turn, and what comes while it is at work waits together', async () => {
    const done: string[] = [];
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const lanes = new Lanes<string>({
      together: async (items) => gates[done.push(items.join('+')) - 1]?.promise,
      onDone() {},
    });
    lanes.gather('a', '1');
    lanes.gather('a', '2');
    await new Promise(setImmediate);
    lanes.gather('a', '3');
    lanes.gather('a', '4');
    await new Promise(setImmediate);
    expect(done).toEqual(['1+2']);
    for (const gate of gates) gate.resolve();
    await lanes.idle();
    expect(done).toEqual(['1+2', '3+4']);
  });
});

describe('each', () => {
  test('is done with so many at a time', async () => {
    let [atWork, most] = [0, 0];
    const done: number[] = [];
    await each([1, 2, 3, 4, 5], 2, async (item) => {
      atWork += 1;
      most = Math.max(most, atWork);
      await Promise.resolve();
      atWork -= 1;
      done.push(item);
    });
    expect({ most, done }).toEqual({ most: 2, done: [1, 2, 3, 4, 5] });
  });

  test('ends with the first failure', async () => {
    const begun: number[] = [];
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      await Promise.resolve();
      throw new Error(`of ${item}`);
    };
    await expect(each([1, 2, 3, 4, 5], 2, work)).rejects.toThrow('of 1');
    expect(begun).toEqual([1, 2]);
  });
});

test('a rate lets through a burst, and then so many a second', () => {
  const rate = new FrameRate(10, 3);
  const taken = (now: number): boolean => rate.take(now);
  expect([taken(0), taken(0), taken(0), taken(0)]).toEqual([true, true, true, false]);
  expect([taken(100), taken(100)]).toEqual([true, false]);
  expect([taken(10_000), taken(10_000), taken(10_000), taken(10_000)]).toEqual([true, true, true, false]);
});

test.each<[string | undefined, string | undefined, boolean]>([
  ['http://hub.example', 'hub.example', true],
  ['https://hub.example:7788', 'hub.example:7788', true],
  ['http://hub.example:1', 'hub.example', false],
  ['http://evil.example', 'hub.example', false],
  ['null', 'hub.example', false],
  ['hub.example', 'hub.example', false],
  [undefined, 'hub.example', false],
  ['http://hub.example', undefined, false],
])('a page of %s that connects to %s is its own: %s', (origin, host, own) => {
  const request = new IncomingMessage(new Socket());
  Object.assign(request.headers, origin !== undefined && { origin }, host !== undefined && { host });
  expect(sameOrigin(request)).toBe(own);
});
