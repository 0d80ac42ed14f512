import { expect, test } from 'vitest';
import { fanoutPage } from '../../benches/pages/fanout-page.ts';
import type { Results } from '../../benches/pages/results.ts';

const results: Results = {
  meta: {
    date: '2026-01-02T03:04:05Z',
    node: 'v24.0.0',
    cpu: 'Some CPU',
    cores: 2,
    load: 0.5,
    quick: false,
  },
  scenarios: [
    {
      id: 'messages-1000',
      unit: 'deliveries/CPU s',
      better: 'higher',
      ours: 300_000,
      floor: 400_000,
      spread: 0.05,
      rivals: { 'socket.io': 100_000, broken: null },
      goals: [{ goal: 'at least 0.8x floor', actual: 0.75, met: false }],
      ratios: { floor: { ratio: 0.75, spread: 0.02 }, 'socket.io': { ratio: 3, spread: 0.02 } },
      doubts: ['socket.io did not hold the rate (held 0.500)'],
      subjects: {
        ours: { median: 300_000, figures: { p50: 3, p99: 20, held: 1, lost: 0, postgresCpuSeconds: 0.5 } },
        floor: { median: 400_000, figures: { p50: 2, p99: 4, held: 1, lost: 0 } },
        'socket.io': { median: 100_000, figures: { p50: 100, p99: 400, held: 0.5, lost: 7 } },
        broken: { failure: 'threw in setup: no\nmore' },
      },
    },
  ],
};

/** The cells of a subject's row, without those that are empty. */
function cellsOf(subject: string): string[] {
  const row = fanoutPage(results)
    .split('\n')
    .find((line) => line.startsWith(`| ${subject} |`));
  return (row ?? '').split('|').flatMap((cell) => (cell.trim() === '' ? [] : cell.trim()));
}

test('a row has the figures of its subject, and what was lost', () => {
  expect(cellsOf('ours')).toEqual(['ours', '300k', '3', '20', '100%', '0', '0.500']);
  expect(cellsOf('socket.io')).toEqual(['socket.io', '100k', '3x', '100', '400', '50%', '7']);
  expect(cellsOf('broken')).toEqual(['broken', 'failed']);
});

test('doubts, missed goals and failures are told', () => {
  const page = fanoutPage(results);
  expect(page).toContain('- In `messages-1000`, socket.io did not hold the rate (held 0.500).');
  expect(page).toContain('- Goal missed in `messages-1000`: at least 0.8x floor; it is 0.750.');
  expect(page).toContain('- broken failed in `messages-1000`: threw in setup: no');
});

test('without a recorded run the page says how to make one, and no figure', () => {
  const page = fanoutPage(undefined);
  expect(page).toContain('npm run bench -- fanout --json docs/results/fanout.json');
  expect(page).not.toContain('Measured by');
  expect(page).not.toMatch(/deliveries\/CPU s/u);
});
