import { expect, it } from 'vitest';
import { percent, short, table } from '../src/table.ts';

it.each([
  [0, '0'],
  [7, '7'],
  [0.123_45, '0.123'],
  [0.000_123_4, '1.2e-4'],
  [12.345, '12.3'],
  [999.4, '999'],
  [999.7, '1000'],
  [9994, '9994'],
  [9996, '10.0k'],
  [12_345, '12.3k'],
  [999_499, '999k'],
  [999_600, '1.00M'],
  [1e9, '1.00G'],
  [-12_345, '-12.3k'],
  [Infinity, 'Infinity'],
])('writes %d as %s', (value, text) => {
  expect(short(value)).toBe(text);
});

it.each([
  [0, '0.0%'],
  [0.0123, '1.2%'],
  [0.0994, '9.9%'],
  [0.0996, '10%'],
  [1.5, '150%'],
])('writes the share %d as %s', (share, text) => {
  expect(percent(share)).toBe(text);
});

it('puts figures to the right and words to the left', () => {
  const rows = [
    ['one', '1'],
    ['three', '-'],
    ['x', '100'],
  ];
  expect(table(['name', 'n'], rows).split('\n')).toEqual([
    'name     n',
    '-----  ---',
    'one      1',
    'three    -',
    'x      100',
  ]);
});
