import { expect, test } from 'vitest';
import { contests } from '../../benches/rivals/guards/contests.ts';
import { renderContests } from '../../benches/rivals/guards/table.ts';

test('each promise has its own table, of those who were tried', () => {
  const rendered = renderContests([
    { id: 'L1', promise: 'A', outcomes: { parley: { verdict: 'pass', happened: 'It | does.' } } },
    { id: 'L2', promise: 'B', outcomes: { 'redlock 5': { verdict: 'not offered', happened: 'No.' } } },
  ]);
  expect(rendered.split('\n')).toEqual([
    '### L1: A',
    '',
    '| library | result | what happened |',
    '| --- | --- | --- |',
    '| parley | pass | It \\| does. |',
    '',
    '### L2: B',
    '',
    '| library | result | what happened |',
    '| --- | --- | --- |',
    '| redlock 5 | not offered | No. |',
  ]);
});

test('each promise is one of ours, under an id of its own', () => {
  expect(new Set(contests.map(({ id }) => id)).size).toBe(contests.length);
  for (const { contestants } of contests) expect(Object.keys(contestants)).toContain('parley');
});
