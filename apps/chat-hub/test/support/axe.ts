import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** Which parts of a page axe looks at, and at what; nothing: at all of it. */
interface Extent {
  readonly within?: readonly string[];
  readonly without?: readonly string[];
  readonly rules?: readonly string[];
  readonly otherThan?: readonly string[];
}

let source: Promise<string> | undefined;

/** It comes from here, since a page loads nothing but its own, and once: to read it takes a browser longer than to run it. */
async function bringAxe(page: Page): Promise<void> {
  if (await page.evaluate<boolean>('"axe" in window')) return;
  source ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // Without the last word it would be axe itself that is sent back.
  await page.evaluate(`${await source}; undefined`);
}

/** What keeps somebody from using a page as it is now, or a part of it, each as a line. */
export async function barriersIn(page: Page, extent: Extent | string = {}): Promise<string[]> {
  await bringAxe(page);
  const {
    within,
    without,
    rules,
    otherThan = [],
  }: Extent = typeof extent === 'string' ? { within: [extent] } : extent;
  const context = { ...(within && { include: within }), ...(without && { exclude: without }) };
  const options = {
    resultTypes: ['violations'],
    preload: false,
    ...(rules && { runOnly: { type: 'rule', values: rules } }),
    rules: Object.fromEntries(otherThan.map((rule) => [rule, { enabled: false }])),
  };
  const where = within || without ? JSON.stringify(context) : 'document';
  const violations = await page.evaluate<AxeResults['violations']>(
    `axe.run(${where}, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html, target, failureSummary = '' }) =>
        `${id}: ${help}: ${target.join(' ')}: ${html.slice(0, 160)}: ${failureSummary.slice(0, 200)}`,
    ),
  );
}
