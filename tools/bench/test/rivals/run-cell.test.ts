import { expect, test } from 'vitest';
import { runCell } from '../../benches/rivals/run-cell.ts';

const file = new URL('../processes/cells.ts', import.meta.url);

const run = (scenario: string, limitMs = 20_000) =>
  runCell(
    {
      scenario,
      library: 'parley',
      servers: { redis: '', postgres: '', cluster: [] },
      prefix: 'test:',
    },
    { limitMs, file },
  );

test('a cell that gives its verdict is reported with the options that were used', async () => {
  expect(await run('passes')).toEqual({ verdict: 'pass', happened: 'It works.', options: ['tags: true'] });
});

test('a cell that throws has failed, with the first line of the error', async () => {
  expect(await run('throws')).toEqual({
    verdict: 'fail',
    happened: 'It throws "no such table".',
    options: ['bus'],
  });
});

test('a cell that hangs has failed at its limit', async () => {
  expect(await run('hangs', 300)).toMatchObject({ verdict: 'fail', happened: 'No result within 0.3 s.' });
});

test('a cell whose process ends has failed', async () => {
  expect(await run('ends itself')).toMatchObject({ verdict: 'fail', happened: 'The process ends.' });
});

test('an error that nobody hears is told', async () => {
  expect(await run('hears no error')).toMatchObject({
    verdict: 'fail',
    happened: 'The process ends by an unheard "TypeError: unheard".',
  });
});
