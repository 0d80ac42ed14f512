import { connectHub } from '@parley/hub-client';
import { sharedPostgres } from '@parley/services';
import { expect, test } from 'vitest';
import { deploy } from '../../support/deployment.ts';
import { openBrowsers } from '../../support/pages.ts';

test(
  'a node dies behind the page, one after the other: what was sent meanwhile is there once, and in order',
  { timeout: 240_000 },
  async () => {
    // Of its own: the hub is new, and nobody owns it.
    await using postgres = await sharedPostgres({ ownDatabase: true });
    await using deployment = await deploy({ nodes: 2, env: { DATABASE_URL: postgres.url } });
    const { url, nodes, owner, workspace } = deployment;
    const bob = await workspace.add('bob', 'person');
    const { id: channelId } = await owner.call('createChannel', {
      body: { kind: 'public', name: 'plans', members: [bob.id] },
    });
    await using browsers = await openBrowsers();
    // High enough for all rows at once: what is out of view is not drawn.
    const { page } = await browsers.enter(
      url,
      { handle: 'bob', password: 'a long password', hash: `#/c/${channelId}` },
      { viewport: { width: 1280, height: 4_000 } },
    );
    const other = connectHub({ url, token: workspace.owner.token, maxPauseMs: 500 });
    await other.ready;
    const writing = page.getByRole('textbox', { name: 'Message' });
    const mine: string[] = [];
    const theirs: string[] = [];
    const exchange = async (): Promise<void> => {
      const text = `page ${mine.length}`;
      mine.push(text);
      await writing.fill(text);
      await page.keyboard.press('Enter');
      const answer = `other ${theirs.length}`;
      theirs.push(answer);
      other.send(channelId, { content: answer }).message.catch(() => undefined);
    };
    await writing.waitFor();
    for (const node of nodes) {
      for (let i = 0; i < 3; i += 1) await exchange();
      await node.kill();
      for (let i = 0; i < 5; i += 1) await exchange();
      await page
        .getByText(theirs.at(-1) ?? '', { exact: true })
        .first()
        .waitFor({ timeout: 60_000 });
      await node.start();
    }
    await exchange();
    const shown = async (whose: string): Promise<string[]> => {
      const rows = await page.getByRole('article').allInnerTexts();
      return rows.flatMap((text) => new RegExp(`${whose} \\d+`, 'u').exec(text) ?? []);
    };
    const logged = async (whose: string): Promise<string[]> => {
      const query = { limit: 200 };
      const { items } = await owner.call('listMessages', { params: { channelId }, query });
      return items.map(({ content }) => content).filter((content) => content.startsWith(whose));
    };
    for (const [whose, all] of [
      ['page', mine],
      ['other', theirs],
    ] as const) {
      await expect.poll(() => logged(whose), { timeout: 60_000 }).toEqual(all);
      await expect.poll(() => shown(whose), { timeout: 60_000 }).toEqual(all);
    }
    other.close();
  },
);
