import { expect, test } from 'vitest';
import { fingerprint, isSuspected, owns, parseClusterNodes, slotsOf } from '../src/cluster-view.ts';

const master = 'aaa 127.0.0.1:1@2 myself,master - 0 0 1 connected 0-2 7 [9->-bbb]';
const replica = 'bbb 127.0.0.1:3@4 slave,fail aaa 0 0 1 connected';

test('reads masters with their slots, and replicas', () => {
  const [first, second] = parseClusterNodes(`${master}\n${replica}\n`);
  expect(first).toEqual({
    id: 'aaa',
    flags: ['myself', 'master'],
    master: undefined,
    slots: [
      [0, 2],
      [7, 7],
    ],
  });
  expect(second).toEqual({ id: 'bbb', flags: ['slave', 'fail'], master: 'aaa', slots: [] });
});

test('a slot on its way belongs to where it came from', () => {
  const [first] = parseClusterNodes(master);
  expect(slotsOf(first ?? { slots: [] })).toEqual([0, 1, 2, 7]);
  expect(first !== undefined && owns(first, 7)).toBe(true);
  expect(first !== undefined && owns(first, 9)).toBe(false);
});

test('nodes agree whatever the order and the flags in which they see each other', () => {
  const one = parseClusterNodes(`${master}\n${replica}`);
  const two = parseClusterNodes(
    `${replica.replace('slave,fail', 'slave')}\n${master.replace('myself,', '')}`,
  );
  expect(fingerprint(one)).toBe(fingerprint(two));
  expect(fingerprint(one)).not.toBe(
    fingerprint(parseClusterNodes(`${master}\n${replica.replace(' aaa', ' ccc')}`)),
  );
});

test('a node is suspected while it is held to be dead, and before', () => {
  const flags = ['slave', 'slave,fail', 'slave,fail?'].map((text) => replica.replace('slave,fail', text));
  expect(parseClusterNodes(flags.join('\n')).map(isSuspected)).toEqual([false, true, true]);
});
