import type { Page } from 'playwright-core';
import type { Scenery } from '../../support/demo-world.ts';

/** Something that is looked at by itself. */
export interface Screen {
  readonly name: string;
  /** Where in the workspace. */
  readonly hash: (scenery: Scenery) => string;
  /** What somebody does to see it. */
  readonly act?: (page: Page) => Promise<unknown>;
  /** Resolves when it is there. */
  readonly shown: (page: Page) => Promise<unknown>;
  /** The part of the page that is seen here alone. @default all of it */
  readonly part?: string;
  /** It waits for something that does not come. */
  readonly waits?: true;
}

const inChannel =
  (name: string, panel?: string) =>
  ({ channel }: Scenery): string =>
    `#/c/${channel(name).id}${panel === undefined ? '' : `?panel=${encodeURIComponent(panel)}`}`;

const beside = '.panel';
const panel = (page: Page): Promise<void> => page.locator('.panel:not([aria-busy])').waitFor();
const dialog = (page: Page): Promise<void> => page.getByRole('dialog').first().waitFor();
const main = (page: Page): Promise<void> => page.getByRole('main').waitFor();

/** The places of who is signed in. A new one is added here or in its list, and is looked at in every theme and size. */
export const places: readonly Screen[] = [
  {
    name: 'a channel',
    hash: inChannel('general'),
    shown: (page) => page.getByRole('article').first().waitFor(),
  },
  {
    name: 'a channel with turns of agents and tables',
    hash: inChannel('release'),
    shown: (page) => page.getByRole('article').first().waitFor(),
  },
  {
    name: 'a thread',
    hash: (scenery) => inChannel('release', `thread:${scenery.thread('release')}`)(scenery),
    shown: panel,
    part: beside,
  },
  { name: 'members', hash: inChannel('release', 'members'), shown: panel, part: beside },
  {
    name: 'the card of an agent',
    hash: (scenery) =>
      inChannel('general', `profile:${scenery.messages('general')[0]?.senderId ?? ''}`)(scenery),
    shown: panel,
    part: beside,
  },
  { name: 'what was found', hash: inChannel('general', 'search:nodes'), shown: panel, part: beside },
  { name: 'a search that is empty', hash: inChannel('general', 'search:'), shown: panel, part: beside },
  { name: 'pins', hash: inChannel('general', 'pins'), shown: panel, part: beside },
  { name: 'files', hash: inChannel('general', 'files'), shown: panel, part: beside },
  { name: 'settings of a channel', hash: inChannel('general', 'settings'), shown: panel, part: beside },
  {
    name: 'a channel that is not there',
    hash: () => '#/c/01900000-0000-7000-8000-000000000000',
    shown: main,
  },
];

/** Dialogs and forms of the first minute, in a workspace of their own. */
export const firstScreens: readonly Screen[] = [
  {
    name: 'the first steps',
    hash: () => '',
    shown: (page) => page.getByRole('region', { name: 'First steps' }).waitFor(),
  },
  ...[
    ['Create: Create a channel', 'Create a channel'],
    ['Invite: Invite a person', 'Invite a person'],
    ['Connect: Connect an agent', 'Connect an agent'],
  ].map(([button = '', name = '']) => ({
    name,
    hash: () => '',
    act: (page: Page) => page.getByRole('button', { name: button }).click(),
    shown: dialog,
  })),
];
