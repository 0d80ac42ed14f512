import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uploadFile } from '@parley/hub-client/files';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { log, say } from '../timeline/saying.ts';
import { sticksOut } from './sticks-out.ts';

const patience = { timeout: 240_000 };
const word = 'Unbroken'.repeat(25);
const channelName = 'the-migration-of-everything-to-something-else-'.repeat(2).slice(0, 80);

let folder = '';
let web: WebWorld;
let long: Somebody;
let agent: Somebody;
let channelId = '';
let thread = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-long-names-'));
  web = await openWebWorld({ env: { HUB_FILES: folder } });
  long = await web.person('maximiliane-charlotte.von-hohen');
  agent = await web.agent('autonomous-deployment-verifier-1');
  await long.call('updateMe', { body: { displayName: 'Maximiliane '.repeat(7).slice(0, 79) } });
  await agent.call('updateMe', { body: { displayName: 'DeploymentVerification'.repeat(4).slice(0, 80) } });
  channelId = await web.channel(channelName, [long, agent]);
  const params = { channelId };
  const topic = `https://example.com/${'path/'.repeat(40)}`;
  await web.owner.call('updateChannel', { params, body: { topic, description: word } });
  await say(agent, channelId, `https://example.com/${'segment/'.repeat(25)}`);
  await say(
    long,
    channelId,
    `\`${word}\`\n\n> ${word}\n\n- ${word}\n\n| ${word} | b |\n|---|---|\n| c | ${word} |`,
  );
  const turn = { turnId: 't', kind: 'action', data: { tool: word.slice(0, 60), result: word } } as const;
  await say(agent, channelId, word, turn);
  const source = new Blob(['text']);
  const at = { url: web.url, token: long.token, channelId, source };
  const file = await uploadFile({ ...at, name: `${'f'.repeat(190)}.txt` });
  const root = await say(long, channelId, `Files: ${word}`, { files: [file.id] });
  thread = root.id;
  await say(agent, channelId, word, { threadId: root.id });
  await say(long, channelId, 'An answer', { replyTo: root.id });
  await web.owner.call('pinMessage', { params: { channelId, messageId: root.id } });
  await web.owner.call('createIncomingWebhook', { params, body: { name: word.slice(0, 80) } });
  await web.owner.call('openDirect', { body: { userIds: [long.id] } });
}, 120_000);
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const panel = (page: Page) => page.locator('.panel:not([aria-busy])').waitFor();
const heading = (page: Page) => page.getByRole('main').getByRole('heading', { level: 2 }).first().waitFor();
const message = (page: Page) => log(page).getByText('An answer').waitFor();

/** Where it is, what is done there, and what is waited for. */
const screens = (): readonly (readonly [hash: string, shown: (page: Page) => Promise<unknown>])[] => [
  [`#/c/${channelId}`, message],
  ...[
    `thread:${thread}`,
    'members',
    `profile:${agent.id}`,
    'search:unbroken*',
    'pins',
    'files',
    'settings',
  ].map((kind) => [`#/c/${channelId}?panel=${encodeURIComponent(kind)}`, panel] as const),
  ...['users', 'agents', `agents/${agent.id}`, 'tokens', 'webhooks', 'audit', 'retention'].map(
    (name) => [`#/admin/${name}`, heading] as const,
  ),
];

test.each([320, 1280])(
  'whatever long names there are, nothing is cut off at %i pixels',
  patience,
  async (width) => {
    const { page } = await web.enter(web.owner, '', {
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
    });
    const wrong: string[] = [];
    for (const [hash, shown] of screens()) {
      await page.goto(`${web.url}/${hash}`);
      await shown(page);
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
      wrong.push(...(await sticksOut(page)).map((line) => `${hash}: ${line}`));
    }
    expect(wrong).toEqual([]);
    await page.context().close();
  },
);

test('what is chosen, attached or looked for by a long name stays in its frame', patience, async () => {
  const { page } = await web.enter(web.owner, `#/c/${channelId}`, { viewport: { width: 320, height: 700 } });
  await message(page);
  const upload = { name: `${'w'.repeat(120)}.txt`, mimeType: 'text/plain', buffer: Buffer.from('text') };
  await page.locator('input[type=file]').first().setInputFiles([upload]);
  // Who changes their mind finds the button without scrolling to the side.
  const remove = page.locator('.upload').getByRole('button').last();
  await remove.waitFor();
  const box = await remove.boundingBox();
  expect((box?.x ?? 1_000) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
  await page.keyboard.press('Control+k');
  await page.getByRole('option').filter({ hasText: 'Maximiliane' }).first().waitFor();
  expect(await sticksOut(page)).toEqual([]);
  await page.context().close();
});

test('lists, quotes and tables begin on the side where their text does', patience, async () => {
  const rtl = await web.channel('right', [long]);
  await say(
    long,
    rtl,
    '- [x] تم\n- عنصر with Latin\n\n1. واحد\n\n> اقتباس\n\n| اسم | قيمة |\n|---|---|\n| وقت | 12 |',
  );
  await say(long, rtl, '- one\n\n> a quote');
  const { page } = await web.enter(web.owner, `#/c/${rtl}`, { viewport: { width: 360, height: 740 } });
  const body = log(page).locator('.message-body').filter({ hasText: 'اقتباس' });
  await body.locator('table').waitFor();
  const sides = await body.evaluate((body) => {
    const frame = body.getBoundingClientRect();
    return {
      // A mark stands before its item, and has a place there.
      marks: [...body.querySelectorAll('li')].map((item) => {
        const { right } = item.getBoundingClientRect();
        return item.matches('.task-item') ? frame.right - right >= 0 : frame.right - right > 12;
      }),
      quote: getComputedStyle(body.querySelector('blockquote') ?? body).direction,
      table: getComputedStyle(body.querySelector('table') ?? body).direction,
    };
  });
  expect(sides).toEqual({ marks: [true, true, true], quote: 'rtl', table: 'rtl' });
  const other = log(page).locator('.message-body').filter({ hasText: 'a quote' });
  expect(await other.locator('blockquote').evaluate((quote) => getComputedStyle(quote).direction)).toBe(
    'ltr',
  );
  await page.context().close();
});
