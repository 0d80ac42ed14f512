import { expect, test } from 'vitest';
import { pointOf, readFigures } from '../../../web/src/admin/overview/figures.ts';
import { quantile } from '../../../web/src/admin/overview/histogram.ts';
import { readSamples } from '../../../web/src/admin/overview/metrics-text.ts';
import { spanText, units } from '../../../web/src/admin/overview/units.ts';
import { dayOf } from '../../../web/src/admin/audit/days.ts';
import { allowanceOf, limitWords } from '../../../web/src/admin/limits/limit-words.ts';

const told = (more: string, startedAt = 1_000): string =>
  `# HELP parley_sockets Open.\nparley_node{node="n1"} 1\nprocess_start_time_seconds ${startedAt}\n${more}\n`;

test('labels are read with what is escaped in them, and what is no number is none', () => {
  const samples = readSamples(
    'a_total{x="one \\"two\\"",y="c\\\\d\\ne"} 3\nb NaN\n# TYPE a_total counter\nrubbish\n',
  );
  expect(samples.get('a_total')).toEqual([{ labels: { x: 'one "two"', y: 'c\\d\ne' }, value: 3 }]);
  expect(samples.get('b')?.[0]?.value).toBeNaN();
  expect([...samples.keys()]).toEqual(['a_total', 'b']);
});

test('what is counted becomes a rate, by the time between two looks', () => {
  const messages = (count: number): string =>
    `parley_log_entries_total{type="channel.message"} ${count}\nparley_log_entries_total{type="thread.message"} 5\nparley_log_entries_total{type="channel.create"} 900`;
  const before = readFigures(told(messages(10)), 1_000);
  const now = readFigures(told(messages(40)), 4_000);
  expect(pointOf(now, before, before).messages).toBe(10);
  expect(pointOf(before, undefined, undefined).messages).toBeUndefined();
});

test('a node that began anew has no rate until it was asked twice', () => {
  const before = readFigures(told('parley_log_entries_total{type="channel.message"} 100'), 1_000);
  const now = readFigures(told('parley_log_entries_total{type="channel.message"} 3', 2_000), 4_000);
  expect(pointOf(now, before, before).messages).toBeUndefined();
});

test('parts are of what came in between, over all series, and none where nothing came', () => {
  const buckets = (low: number, high: number): string =>
    ['a', 'b']
      .flatMap((route) => [
        `parley_http_request_seconds_bucket{route="${route}",le="0.01"} ${low}`,
        `parley_http_request_seconds_bucket{route="${route}",le="0.1"} ${high}`,
        `parley_http_request_seconds_bucket{route="${route}",le="+Inf"} ${high}`,
      ])
      .join('\n');
  const before = readFigures(told(buckets(1_000, 1_000)), 1_000);
  const now = readFigures(told(buckets(1_009, 1_010)), 31_000);
  const point = pointOf(now, before, before);
  expect(point.answer50).toBeCloseTo(0.0056, 3);
  expect(point.answer95).toBeCloseTo(0.055, 3);
  expect(pointOf(before, before, before).answer50).toBeUndefined();
});

test('a value beyond all bounds is told as the last of them', () => {
  expect(
    quantile(
      new Map([
        [1, 0],
        [2, 1],
        [Infinity, 10],
      ]),
      0.95,
    ),
  ).toBe(2);
  expect(quantile(new Map(), 0.5)).toBeUndefined();
});

test('figures have units that people read', () => {
  expect([0.5, 12.34, 1_234].map(units.rate)).toEqual(['0.5/s', '12/s', '1,234/s']);
  expect([0.0034, 0.25, 2.5].map(units.time)).toEqual(['3.4 ms', '250 ms', '2.5 s']);
  expect([3_145_728, 314_572_800, 3_221_225_472].map(units.bytes)).toEqual(['3 MB', '300 MB', '3 GB']);
  expect([30, 600, 7_200, 864_000].map(spanText)).toEqual(['30 s', '10 min', '2 h', '10 days']);
  expect(units.part(0.256)).toBe('26 %');
});

test('limits are told in words, also those that a later version has', () => {
  expect(limitWords('message.agent')).toEqual(['Messages', 'each agent']);
  expect(limitWords('sign-in.handle')).toEqual(['Signing in', 'each handle']);
  expect(limitWords('dance.robot')).toEqual(['dance', 'robot']);
  expect([allowanceOf(120, 60), allowanceOf(30, 900), allowanceOf(5, 0)]).toEqual([
    '120 a minute',
    '30 in 15 min',
    '5 at once',
  ]);
});

test('a day goes from midnight to midnight, where the page is', () => {
  expect(dayOf('2026-03-01')).toBe(new Date(2026, 2, 1).getTime());
  expect(dayOf('2026-02-28', 1)).toBe(new Date(2026, 2, 1).getTime());
  expect(dayOf('')).toBeUndefined();
});
