import type { Page } from 'playwright-core';
import type { Screen } from './screens.ts';

const heading = (page: Page) => page.getByRole('main').getByRole('heading', { level: 2 }).first().waitFor();
const dialog = (page: Page) => page.getByRole('dialog').waitFor();

const pages = [
  'overview',
  'users',
  'agents',
  'tokens',
  'webhooks',
  'limits',
  'audit',
  'announce',
  'retention',
  'backup',
];

/** Pages whose button asks something. */
const asking = [
  ['users', 'Add a person'],
  ['agents', 'Add an agent'],
  ['tokens', 'New token'],
  ['retention', 'Change'],
] as const;

/** What who runs the workspace sees. */
export const adminScreens: readonly Screen[] = [
  ...pages.map((name) => ({
    name: `administration: ${name}`,
    hash: () => `#/admin/${name}`,
    shown: heading,
    // What stands around all of them is looked at with the first.
    ...(name !== 'overview' && { part: '#main' }),
  })),
  {
    name: 'administration: a user',
    hash: (scenery) => `#/admin/users/${scenery.messages('general')[0]?.senderId ?? ''}`,
    shown: heading,
    part: '#main',
  },
  ...asking.map(([name, button]) => ({
    name: `administration: ${button}`,
    hash: () => `#/admin/${name}`,
    act: (page: Page) => page.getByRole('main').getByRole('button', { name: button }).first().click(),
    shown: dialog,
  })),
];
