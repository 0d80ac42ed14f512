import axe from 'axe-core';
import type { Page } from 'playwright-core';

const wide = { width: 1280, height: 800 };
const narrow = { width: 360, height: 740 };

/** As people see it. */
export const looks = [
  { name: 'light', look: { colorScheme: 'light', viewport: wide } },
  { name: 'dark', look: { colorScheme: 'dark', viewport: wide } },
  { name: 'light with more contrast', look: { colorScheme: 'light', contrast: 'more', viewport: wide } },
  { name: 'dark on a telephone', look: { colorScheme: 'dark', viewport: narrow } },
  { name: 'light on a telephone', look: { colorScheme: 'light', viewport: narrow } },
] as const;

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

const options = {
  resultTypes: ['violations'],
  // Where there is room for one of them, a panel takes the place of what it belongs to.
  rules: { 'landmark-one-main': { enabled: false } },
};

/** What axe finds wrong with a page as it is now, a line each. It comes from here: the page loads nothing but its own. */
export async function wrongWith(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id}: ${help}: ${target.join(' ')}: ${failureSummary.slice(0, 200)}`,
    ),
  );
}

/** Nothing sticks out to the side: nobody scrolls in two directions to read. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
}
