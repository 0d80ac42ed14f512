import { expect, it } from 'vitest';
import { linear, logarithmic } from '../../src/report/charts/scale.ts';
import { toHtml } from '../../src/report/html.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { aResult } from '../support/a-result.ts';

it('Markdown tells what was measured, what was wanted and what was missed', () => {
  const text = toMarkdown(aResult());
  expect(text).toContain('# node-kill: 60 agents, 300 messages/s, 2 s; postgres, 3 nodes');
  expect(text).toContain('Objectives were missed.');
  expect(text).toContain('| met | lost | 0 | at most 0 |');
  expect(text).toContain('| missed | delivery.p99 | 12.3 ms | at most 10 ms |');
  expect(text).toContain('| missed | resume.max | not measured | at most 3,000 ms |');
  expect(text).toContain('- 0.7 s: a node is "killed"');
  expect(text).toContain('> The generator itself was late');
});

it('the page contains everything that it shows, and asks for nothing from anywhere', () => {
  const page = toHtml(aResult());
  expect(page).not.toMatch(/(?:src|href)=|url\(|@import|<script/u);
  expect(page.match(/<svg/gu)).toHaveLength(6);
  expect(page).toContain('role="img" aria-label="Deliveries: to all receivers together in each second"');
  expect(page).toContain('Objectives were missed');
});

it('what stands in a result cannot become a part of the page', () => {
  const page = toHtml(aResult({ problems: ['<img onerror="x">'] }));
  expect(page).toContain('&lt;img onerror=&quot;x&quot;&gt;');
  expect(page).not.toContain('<img');
  expect(page).toContain('One of &lt;three&gt; nodes dies');
});

it('no line is drawn to where nothing is known', () => {
  expect(toHtml(aResult())).not.toMatch(/NaN|Infinity|undefined/u);
  expect(toHtml(aResult({ seconds: [], processes: [], deliveryCurve: [], marks: [] }))).not.toMatch(
    /NaN|Infinity|undefined/u,
  );
});

it('the summary names every objective that was missed', () => {
  const text = summaryOf(aResult());
  expect(text).toContain('MISSED delivery.p99: 12.3 ms, at most 10 ms');
  expect(text).not.toContain('objectives met');
  expect(summaryOf(aResult({ verdicts: [] }))).toContain('all 0 objectives met');
});

it('a scale has round numbers, and places what it is asked for between its ends', () => {
  const scale = linear(1_130, [200, 0]);
  expect(scale.ticks).toEqual([0, 500, 1_000, 1_500]);
  expect(scale.at(750)).toBe(100);
  expect(linear(0, [0, 1]).ticks.at(-1)).toBe(1);
  const powers = logarithmic([0.4, 870], [0, 400]);
  expect(powers.ticks).toEqual([0.1, 1, 10, 100, 1_000]);
  expect(powers.at(10)).toBeCloseTo(200);
});
