import { expect, test } from 'vitest';
import { passes, renderTable } from '../../benches/rivals/table.ts';
import type { Row } from '../../benches/rivals/table.ts';

const rows: readonly Row[] = [
  {
    id: 'K1',
    promise: 'A | B',
    cells: {
      parley: { verdict: 'pass', happened: 'Refused.', options: [] },
      cacheable: { verdict: 'fail', happened: 'Stored.', options: ['tags: true', 'sync'] },
    },
  },
  {
    id: 'K2',
    promise: 'C',
    cells: {
      parley: { verdict: 'fail', happened: 'Lost.', options: [] },
      cacheable: { verdict: 'not offered', happened: 'No bus.', options: [] },
    },
  },
];

test('the table names verdicts by library, and the notes what happened and the options used', () => {
  expect(renderTable(rows, ['parley', 'cacheable'], { cacheable: '2.5.0' }).split('\n').slice(0, 12)).toEqual(
    [
      '|  | promise | parley | cacheable 2.5.0 |',
      '| --- | --- | --- | --- |',
      '| K1 | A \\| B | pass | **fail** |',
      '| K2 | C | **fail** | not offered |',
      '',
      '### K1: A | B',
      '',
      '| library | result | what happened | options used |',
      '| --- | --- | --- | --- |',
      '| parley | pass | Refused. | defaults |',
      '| cacheable | **fail** | Stored. | `tags: true`, `sync` |',
      '',
    ],
  );
});

test('a library that was not run has no verdict', () => {
  expect(renderTable(rows, ['keyv'], {})).toContain('| K1 | A \\| B | not run |');
});

test('what a library keeps is counted', () => {
  expect([passes(rows, 'parley'), passes(rows, 'cacheable'), passes(rows, 'keyv')]).toEqual([
    '1 of 2',
    '0 of 2',
    '0 of 0',
  ]);
});
