import { expect, it } from 'vitest';
import { samplesIn } from '../src/metrics-text.ts';

it('samples have their labels and values, and what is none is passed over', () => {
  const text = [
    '# HELP a_total What it is.',
    '# TYPE a_total counter',
    'a_total 7',
    String.raw`b{path="/a\"b\\c\nd",le="+Inf"} 1.5`,
    'c -Inf',
    'd 12 1708554000000',
    'nonsense',
    '',
  ].join('\n');
  expect(samplesIn(text)).toEqual([
    { name: 'a_total', labels: {}, value: 7 },
    { name: 'b', labels: { path: '/a"b\\c\nd', le: '+Inf' }, value: 1.5 },
    { name: 'c', labels: {}, value: -Infinity },
    { name: 'd', labels: {}, value: 12 },
  ]);
});
