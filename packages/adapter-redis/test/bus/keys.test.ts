import { expect, test } from 'vitest';
import { busKeys, topicOf } from '../../src/bus/keys.ts';
import { partitionOf, tags } from '../../src/bus/tags.ts';
import { slotOf } from '../../src/slot.ts';

const clustered = busKeys('p:', 3, true);
const alone = busKeys('p:', 3, false);
const names = Array.from({ length: 12_800 }, (_, i) => `room.message:room-${i}`);

test('each partition has a part of the slots of its own', () => {
  expect(tags.map((tag) => Math.floor(slotOf(`{${tag}}`) / 128))).toEqual(tags.map((_, i) => i));
});

test('channels spread evenly over partitions', () => {
  const counts = tags.map(() => 0);
  for (const name of names) counts[partitionOf(name)] = (counts[partitionOf(name)] ?? 0) + 1;
  expect(Math.min(...counts)).toBeGreaterThan(50);
  expect(Math.max(...counts)).toBeLessThan(160);
});

test('a channel is where it always was', () => {
  const known = ['a:b', 'room.message:1', 'ü:漢🜁', `t:${'x'.repeat(1_000)}`];
  expect(known.map(partitionOf)).toEqual([59, 108, 118, 33]);
  expect(tags.slice(0, 3)).toEqual(['qfs', 'dqe', 'bg5']);
});

test('everything of a channel is in one slot, and everything of a queue', () => {
  for (const name of ['a:b', 'a:{b}', 'a:}{', '{}:{}']) {
    const tag = clustered.tagOf(name);
    const keys = [
      clustered.log(tag, name),
      clustered.head(tag, name),
      clustered.once(tag, name, '}k{'),
      clustered.topic(tag, topicOf(name)),
      clustered.toChannel(tag, name),
      clustered.toTopic(tag, topicOf(name)),
      clustered.probe(tag, 'id'),
    ];
    expect(new Set(keys.map(slotOf))).toEqual(new Set([slotOf(`{${tag}}`)]));
    const { due, taken, dead, state, bodies, once, given } = clustered.jobs(name);
    const ofQueue = [due, taken, dead, state, bodies, once('}k{'), given('}t{'), clustered.toQueue(name)];
    expect(new Set(ofQueue.map(slotOf)).size).toBe(1);
  }
});

test('no two things have one key', () => {
  const { due, taken, dead, state, bodies, once, given } = alone.jobs('taken');
  const all = [due, taken, dead, state, bodies, once('k'), given('k'), alone.jobs('tak').given('en')];
  const two = [alone.once('bus', 'a:b', 'c'), alone.once('bus', 'a', 'b:c'), alone.once('bus', 'a:b:c', '')];
  expect(new Set([...all, ...two]).size).toBe(all.length + two.length);
});

test('channels of two databases and prefixes are told apart', () => {
  const told = [alone, busKeys('p:', 4, false), busKeys('q:', 3, false)];
  expect(new Set(told.map((keys) => keys.toChannel('bus', 'a:b'))).size).toBe(3);
  expect(alone.tags).toEqual(['bus']);
  expect(alone.tagOf('a:b')).toBe('bus');
});
