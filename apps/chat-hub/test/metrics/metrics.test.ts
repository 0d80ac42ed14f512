import { expect, test } from 'vitest';
import { Metrics } from '../../src/metrics/metrics.ts';

test('counts by labels, which are escaped', () => {
  const metrics = new Metrics();
  const count = metrics.counter('things_total', 'Things.');
  count({ kind: 'a' });
  count({ kind: 'a' }, 2);
  count({ kind: 'say "hi"\\\n' });
  expect(metrics.text()).toBe(
    '# HELP things_total Things.\n# TYPE things_total counter\nthings_total{kind="a"} 3\nthings_total{kind="say \\"hi\\"\\\\\\n"} 1\n',
  );
});

test('a histogram sums up its buckets', () => {
  const metrics = new Metrics();
  const took = metrics.histogram('took_seconds', 'Time.', [0.1, 1]);
  for (const value of [0.05, 0.1, 0.5, 3]) took({ route: 'x' }, value);
  expect(metrics.text().split('\n').slice(2)).toEqual([
    'took_seconds_bucket{route="x",le="0.1"} 2',
    'took_seconds_bucket{route="x",le="1"} 3',
    'took_seconds_bucket{route="x",le="+Inf"} 4',
    'took_seconds_sum{route="x"} 3.65',
    'took_seconds_count{route="x"} 4',
    '',
  ]);
});

test('a part that cannot tell takes nothing else along', () => {
  const metrics = new Metrics();
  metrics.gauge('broken', 'Broken.', () => {
    throw new Error('gone');
  });
  metrics.gauge('fine', 'Fine.', () => [[{ a: 'b' }, 1]]);
  expect(metrics.text()).toBe('# HELP fine Fine.\n# TYPE fine gauge\nfine{a="b"} 1\n');
});

test('a name is given once, and is one', () => {
  const metrics = new Metrics();
  metrics.gauge('one', 'One.', () => 1);
  expect(() => metrics.gauge('one', 'One.', () => 1)).toThrow('there is a metric one already');
  expect(() => metrics.gauge('Not-a-name', 'x', () => 1)).toThrow(TypeError);
});
