import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** How much room there is. */
export const sizes = [
  { size: 'a wide window', viewport: { width: 1280, height: 800 } },
  { size: 'a telephone', viewport: { width: 360, height: 740 } },
] as const;

/** As people see it. */
const looks = [
  { look: 'light', media: { colorScheme: 'light', contrast: 'no-preference' } },
  { look: 'dark', media: { colorScheme: 'dark', contrast: 'no-preference' } },
  { look: 'light with more contrast', media: { colorScheme: 'light', contrast: 'more' } },
  { look: 'dark with more contrast', media: { colorScheme: 'dark', contrast: 'more' } },
] as const;

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

// They give the focus on as soon as they get it: nobody stays on what is hidden from them.
const exclude = ['[data-base-ui-focus-guard]'];
/** What stands over a page. What is below it is looked at by itself. */
const above = '[role=dialog], [role=menu], [role=listbox]';

/** Of a page that was looked at whole, another theme changes the colours alone. */
type Extent = 'all' | 'colours';

/** What axe finds wrong with a page as it is now, a line each. It comes from here: the page loads nothing but its own. */
async function wrongWith(page: Page, extent: Extent = 'all'): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const options = {
    resultTypes: ['violations'],
    preload: false,
    ...(extent === 'colours' && { runOnly: { type: 'rule', values: ['color-contrast'] } }),
  };
  const covered = extent === 'colours' && (await page.locator(above).first().isVisible());
  const context = { exclude, ...(covered && { include: [above] }) };
  const violations = await page.evaluate<Violation[]>(
    `axe.run(${JSON.stringify(context)}, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id}: ${help}: ${target.join(' ')}: ${failureSummary.slice(0, 200)}`,
    ),
  );
}

/** What is wrong with a page in each theme. */
export async function wrongInAnyLook(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  for (const [nth, { look, media }] of looks.entries()) {
    await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
    const found = await wrongWith(page, nth === 0 ? 'all' : 'colours');
    wrong.push(...found.map((line) => `${look}: ${line}`));
  }
  return wrong;
}

/** Nothing sticks out to the side: nobody scrolls in two directions to read. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
}
