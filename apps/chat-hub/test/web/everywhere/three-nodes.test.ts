import { callHub } from '@parley/hub-client';
import { startPostgres, startRedis } from '@parley/services';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deploy, type Deployment } from '../../support/deployment.ts';
import { openBrowsers, type Browsers, type Visitor } from '../../support/pages.ts';
import type { Resident } from '../../support/workspace.ts';

const patience = { timeout: 180_000 };
const password = 'a long password';

/** How nodes hear of each other. */
const deployments = ['Postgres alone', 'Postgres and Redis'] as const;

describe.each(deployments)('three nodes on %s', (kind) => {
  const opened = new AsyncDisposableStack();
  let hub: Deployment;
  let browsers: Browsers;
  let people: readonly Resident[];
  let channelId: string;
  beforeAll(async () => {
    const postgres = opened.use(await startPostgres());
    const redis = kind === 'Postgres alone' ? undefined : opened.use(await startRedis());
    const env = { DATABASE_URL: postgres.url, ...(redis && { REDIS_URL: redis.url }) };
    hub = opened.use(await deploy({ nodes: 3, env }));
    browsers = opened.use(await openBrowsers());
    people = [
      await hub.workspace.add('bea', 'person'),
      await hub.workspace.add('cem', 'person'),
      await hub.workspace.add('dov', 'person'),
    ];
    const members = people.map(({ id }) => id);
    channelId = (await hub.owner.call('createChannel', { body: { kind: 'public', name: 'plans', members } }))
      .id;
  }, 240_000);
  afterAll(() => opened.disposeAsync(), 60_000);

  /** Each before a page of a node of their own. */
  const enter = (nth: number): Promise<Visitor> => {
    const node = hub.nodes[nth];
    const person = people[nth];
    if (node === undefined || person === undefined) throw new RangeError(`there is no node ${nth}`);
    return browsers.enter(node.url, { handle: person.handle, password, hash: `#/c/${channelId}` });
  };
  const box = (page: Page) => page.getByRole('textbox', { name: /^Message/u });

  test('people see what others say, that they type, and how they react', patience, async () => {
    const [bea, cem, dov] = [await enter(0), await enter(1), await enter(2)];
    for (const { page } of [bea, cem, dov]) await box(page).waitFor();

    // It is told for some seconds: who looks at one page after the other may come too late.
    await Promise.all([
      ...[cem, dov].map(({ page }) => page.getByText(/bea is typing/u).waitFor()),
      box(bea.page).pressSequentially('Good', { delay: 20 }),
    ]);
    await box(bea.page).fill('Good morning from the first node');
    await bea.page.keyboard.press('Enter');
    for (const { page } of [cem, dov]) {
      await page.getByText('Good morning from the first node').waitFor();
      await page.getByText(/bea is typing/u).waitFor({ state: 'detached' });
    }

    await box(dov.page).fill('And from the third');
    await dov.page.keyboard.press('Enter');
    await bea.page.getByText('And from the third').waitFor();

    const call = callHub({ url: hub.nodes[1]?.url ?? '', token: people[1]?.token ?? '' });
    const { items } = await call('listMessages', { params: { channelId }, query: {} });
    const messageId = items.find(({ content }) => content.startsWith('Good morning'))?.id ?? '';
    await call('addReaction', { params: { channelId, messageId, emoji: '🚀' } });
    for (const { page } of [bea, dov])
      await page.locator(`[data-message="${messageId}"]`).getByText('🚀').waitFor();
    expect([...bea.complaints, ...cem.complaints, ...dov.complaints]).toEqual([]);
    for (const { page } of [bea, cem, dov]) await page.context().close();
  });

  test(
    'a page goes on at another node when its own dies, and shows each message once',
    patience,
    async () => {
      const person = people[0];
      if (person === undefined) throw new RangeError('there is nobody');
      // Behind the balancer, as people are.
      const entry = { handle: person.handle, password, hash: `#/c/${channelId}` };
      const { page } = await browsers.enter(hub.url, entry);
      await box(page).waitFor();
      const say = async (text: string): Promise<void> => {
        await box(page).fill(text);
        await page.keyboard.press('Enter');
      };
      await say('before');
      await page.getByText('before', { exact: true }).waitFor();
      for (const node of hub.nodes) {
        await node.kill();
        await say(`without the node of port ${node.port}`);
        await node.start();
      }
      const call = callHub({ url: hub.url, token: person.token });
      const { id: messageId } = await call('sendMessage', {
        params: { channelId },
        body: { content: 'after all of it', clientId: 'after' },
      }).then(({ message }) => message);
      await page.locator(`[data-message="${messageId}"]`).waitFor();
      const texts = async (): Promise<string[]> =>
        (await page.getByText(/^without the node of port/u).allInnerTexts()).toSorted();
      await expect
        .poll(texts, { timeout: 60_000 })
        .toEqual(hub.nodes.map(({ port }) => `without the node of port ${port}`).toSorted());
      await page.context().close();
    },
  );
});
