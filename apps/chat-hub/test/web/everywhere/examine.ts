import type { Page } from 'playwright-core';
import { barriersIn } from '../../support/axe.ts';

/** As people see it. */
const looks = {
  light: { colorScheme: 'light', contrast: 'no-preference' },
  dark: { colorScheme: 'dark', contrast: 'no-preference' },
  'light with more contrast': { colorScheme: 'light', contrast: 'more' },
  'dark with more contrast': { colorScheme: 'dark', contrast: 'more' },
} as const;
export type Look = keyof typeof looks;
/** Where pages are small and few, all rules are tried in all looks. */
export const everyLook: readonly Look[] = [
  'light',
  'dark',
  'light with more contrast',
  'dark with more contrast',
];

/**
 * How much room there is, and in which looks a whole page is tried by all rules. A theme changes nothing but colours, which few rules look at;
 * so each page is tried by all rules in the two looks that are furthest from each other, one at each size, and by those few in every look at
 * every size.
 */
export const sizes = [
  { size: 'a wide window', viewport: { width: 1280, height: 800 }, whole: ['light'] },
  { size: 'a telephone', viewport: { width: 360, height: 740 }, whole: ['dark with more contrast'] },
] as const;

/** The rules that look at colours. */
const colours = ['color-contrast', 'link-in-text-block'];
/** The rules that tell whether what is covered can still be got into, or named. */
const covering = ['aria-hidden-body', 'aria-hidden-focus', 'duplicate-id-aria'];

// They give the focus on as soon as they get it: nobody stays on what is hidden from them.
const without = ['[data-base-ui-focus-guard]'];
/** What stands over a page. What is below it is looked at by itself. */
export const above = '[role=dialog], [role=menu], [role=listbox]';
/** What opened it, or leads in it from below. */
const leading = '[aria-expanded=true], [aria-activedescendant]';

/**
 * What is wrong with a page in each look. What stands over a page is small: it is tried by all rules in all looks, together with
 * what opened it. Of a page, colours are looked
 * at in the part that is new, for they take the most time by far, and what is around it was looked at with another screen; how it is made is
 * looked at as a whole.
 */
export async function wrongInAnyLook(page: Page, whole: readonly Look[], part?: string): Promise<string[]> {
  const wrong: string[] = [];
  const isCovered = await page.locator(above).first().isVisible();
  const [overall, here] = isCovered
    ? [
        { without, rules: covering },
        { without, within: [above, leading] },
      ]
    : [
        { without, otherThan: colours },
        { without, rules: colours, ...(part !== undefined && { within: [part] }) },
      ];
  for (const look of everyLook) {
    await page.emulateMedia({ ...looks[look], reducedMotion: 'reduce' });
    const found = await barriersIn(page, here);
    if (whole.includes(look)) found.push(...(await barriersIn(page, overall)));
    wrong.push(...found.map((line) => `${look}: ${line}`));
  }
  return wrong;
}

/** Nothing sticks out to the side: nobody scrolls in two directions to read. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
}
