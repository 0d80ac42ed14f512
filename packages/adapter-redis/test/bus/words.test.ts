import { expect, test } from 'vitest';
import {
  joinRecord,
  readProbe,
  readWork,
  signalOf,
  splitRecord,
  tellAdvance,
  tellRecords,
  tellSignal,
} from '../../src/bus/words.ts';

const told = (tell: (say: (...all: unknown[]) => void) => void): unknown[][] => {
  const said: unknown[][] = [];
  tell((...all) => said.push(all));
  return said;
};

test('records, in the order of their offsets', () => {
  const text = 'Repoch.1 41 1700000000000 a topic:a channel\0id1 {"a": 1}\0id2 ';
  expect(told((say) => tellRecords(text, say))).toEqual([
    [
      'a topic:a channel',
      'epoch.1',
      [
        { offset: 41, at: 1_700_000_000_000, id: 'id1', body: '{"a": 1}' },
        { offset: 42, at: 1_700_000_000_000, id: 'id2', body: '' },
      ],
    ],
  ]);
});

test('how far a log has come', () => {
  expect(told((say) => tellAdvance('Aepoch.1 41 1700000000000 t:c d', say))).toEqual([
    ['t:c d', { epoch: 'epoch.1', offset: 41 }],
  ]);
});

test('signals', () => {
  expect(told((say) => tellSignal(signalOf('t:c d', ' body\n'), 'topic', say))).toEqual([
    ['topic', 't:c d', ' body\n'],
  ]);
});

test('work and probes', () => {
  expect(readWork('W0,250 a queue')).toEqual({ queue: 'a queue', afterMs: [0, 250] });
  expect(readProbe('Pabc 7')).toEqual({ history: 'abc', token: '7' });
});

test('a record comes apart as it was put together', () => {
  for (const body of ['', ' ', 'a b', '\n{"x":" "}']) {
    expect(splitRecord(joinRecord({ id: 'i', body }))).toEqual({ id: 'i', body });
  }
});

test('what others say on our channels is not heard', () => {
  const foreign = [
    '',
    'hello',
    'R',
    'R1 2',
    'Re 1 2 c',
    'Rx y z t:c\0a b',
    'A',
    'Ae x y c',
    'S',
    'Sbody',
    'W',
    'Wx q',
    'P',
    'Pa',
  ];
  for (const text of foreign) {
    expect(told((say) => tellRecords(text, say))).toEqual([]);
    expect(told((say) => tellAdvance(text.replace(/^R/, 'A'), say)).flat()).not.toContain('t:c');
    expect(told((say) => tellSignal(text, 'channel', say)).flat(2)).not.toContain('body');
    expect([readWork(text), readProbe(text)]).toEqual([undefined, undefined]);
  }
});
