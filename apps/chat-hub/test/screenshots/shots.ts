import type { Page } from 'playwright-core';
import type { Scenery } from '../support/demo-world.ts';

const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

const curvePoints = 8;

export interface Shot {
  readonly name: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly themes: readonly Theme[];
  /** Where in the workspace, such as `#/c/ID`. */
  readonly hash: (scenery: Scenery) => string;
  /** What somebody does before the picture is taken. */
  readonly act?: (page: Page) => Promise<unknown>;
}

/** Every picture of the documentation. */
export const shots: readonly Shot[] = [
  {
    name: 'channel',
    size: desktop,
    themes,
    hash: ({ channel }) => `#/c/${channel('general').id}`,
  },
  {
    name: 'thread',
    size: desktop,
    themes,
    hash: ({ channel, thread }) =>
      `#/c/${channel('release').id}?panel=${encodeURIComponent(`thread:${thread('release')}`)}`,
  },
  {
    name: 'members',
    size: desktop,
    themes: ['light'],
    hash: ({ channel }) => `#/c/${channel('release').id}?panel=members`,
  },
  {
    name: 'search',
    size: desktop,
    themes: ['dark'],
    hash: ({ channel }) => `#/c/${channel('general').id}?panel=${encodeURIComponent('search:upgrade')}`,
  },
  {
    name: 'administration',
    size: desktop,
    themes: ['light'],
    hash: () => '#/admin',
    // Curves have more than one point.
    act: async (page) => {
      for (let nth = 0; nth < curvePoints; nth += 1) await page.waitForResponse(/\/metrics$/u);
    },
  },
  { name: 'phone', size: phone, themes, hash: ({ channel }) => `#/c/${channel('general').id}` },
  {
    name: 'phone-channels',
    size: phone,
    themes: ['dark'],
    hash: ({ channel }) => `#/c/${channel('general').id}`,
    act: (page) => page.getByRole('button', { name: 'Channels', exact: true }).click(),
  },
];
