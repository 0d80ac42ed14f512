import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { auditRecordReader, ChainCheck, readReceived } from '@parley/hub-protocol';
import { openWebWorld, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
beforeAll(async () => {
  web = await openWebWorld();
  for (const handle of ['one', 'two', 'three'])
    await web.owner.call('createUser', { body: { kind: 'person', handle, displayName: handle } });
  await web.world.hub.sealer.seal();
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const patience = { timeout: 120_000 };

test('the log is read by who, what and when, with what was noted', patience, async () => {
  const { page, complaints } = await web.enter(web.owner, '#/admin/audit');
  const table = page.getByRole('table', { name: 'Audit log, the latest first' });
  const rows = table.getByRole('row');
  await page.getByLabel('What').selectOption('user.create');
  await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(4);
  await rows.nth(1).getByText('three').first().waitFor();
  await rows.nth(1).locator('summary').click();
  await rows.nth(1).getByText('user.create').waitFor();
  await page.getByLabel('Who').fill('nobody');
  await page.getByText('Nobody has this handle').waitFor();
  await page.getByText('Nothing of this kind was done.').waitFor();
  await page.getByLabel('Who').fill('ann');
  await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(4);
  await page.getByLabel('To', { exact: true }).fill('2020-01-01');
  await page.getByText('Nothing of this kind was done.').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await table.getByText('Signed in').first().waitFor();
  expect(complaints).toEqual([]);
});

test('the chain is checked here, and a hub that alters an entry is found out', patience, async () => {
  const { page } = await web.enter(web.owner, '#/admin/audit');
  await page.getByRole('button', { name: 'Check the chain' }).click();
  await page.getByText('The log is whole').waitFor();
  const head = await page.getByLabel('Head of now, to note down elsewhere', { exact: true }).inputValue();
  expect(head).toMatch(/^\d+:[0-9a-f]{64}$/u);

  const field = page.getByLabel('A head that you noted before');
  await field.fill('something');
  await page.getByText('a number, a colon and a hash').waitFor();
  expect(await page.getByRole('button', { name: 'Check the chain' }).isDisabled()).toBe(true);
  await field.fill(`2:${'0'.repeat(64)}`);
  await page.getByRole('button', { name: 'Check the chain' }).click();
  await page.getByRole('alert').getByText('does not go through the head').waitFor();
  await field.fill(head);
  await page.getByRole('button', { name: 'Check the chain' }).click();
  await page.getByText('The log is whole').waitFor();

  await page.route('**/audit/chain*', async (route) => {
    const response = await route.fetch();
    const text = (await response.text()).replace('"user.create"', '"user.update"');
    await route.fulfill({ response, body: text });
  });
  await page.getByRole('button', { name: 'Check the chain' }).click();
  await page.getByRole('alert').getByText('was altered').waitFor();
});

test('the log is taken along as lines that prove themselves', patience, async () => {
  const { page, complaints } = await web.enter(web.owner, '#/admin/audit');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('parley-audit.jsonl');
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
  const check = new ChainCheck();
  for (const line of lines)
    expect(await check.add(readReceived(auditRecordReader, JSON.parse(line)))).toBeUndefined();
  expect(check.head.seq).toBeGreaterThan(3);
  expect(complaints).toEqual([]);
});
