import { connectHub, type Hub } from '@parley/hub-client';
import type { Page } from 'playwright-core';
import { startHub } from '../support/hub-process.ts';
import { openBrowsers, type Browsers } from '../support/pages.ts';
import { settle, type Workspace } from '../support/workspace.ts';

type Figures = Readonly<Record<string, number>>;

/** Something that is measured before a real hub, in a real browser. */
interface Measurement extends AsyncDisposable {
  /** One round. */
  readonly measure: () => Promise<Figures>;
}

/** Opens it; `quick` is for trying whether it works. */
export type OpenMeasurement = (quick: boolean) => Promise<Measurement>;

/** A hub in a process of its own, as people run it, and somebody before its pages. */
export interface MeasuredHub extends AsyncDisposable {
  readonly url: string;
  readonly workspace: Workspace;
  /** The owner, who made all channels. */
  readonly owner: Hub;
  /** A channel of the owner and of the one who looks; its id. */
  readonly channel: (name: string, others?: readonly string[]) => Promise<string>;
  /** The page of the one who looks. */
  readonly look: (channelId: string) => Promise<Page>;
}

const password = 'a long password';

export async function openMeasuredHub(): Promise<MeasuredHub> {
  await using opening = new AsyncDisposableStack();
  const hub = opening.use(await startHub({ env: { HUB_LOG_LEVEL: 'error', HUB_LIMITS: 'off' } }));
  const workspace = await settle(hub);
  const viewer = await workspace.add('viewer', 'person');
  const owner = connectHub({ url: hub.url, token: workspace.owner.token });
  opening.defer(() => owner.close());
  await owner.ready;
  const browsers: Browsers = opening.use(await openBrowsers());
  const all = opening.move();
  return {
    url: hub.url,
    workspace,
    owner,
    async channel(name, others = []) {
      const body = { kind: 'private' as const, name, members: [viewer.id, ...others] };
      return (await owner.call('createChannel', { body })).id;
    },
    async look(channelId) {
      const hash = `#/c/${channelId}`;
      const { page } = await browsers.enter(hub.url, { handle: viewer.handle, password, hash });
      await page.getByRole('textbox', { name: /^Message/u }).waitFor();
      return page;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** By what so many of them were at most. */
export function atMost(share: number, values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}
