import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTestHub } from '../../support/hub.ts';
import { openWebWorld, type WebWorld } from '../../support/web-world.ts';

const patience = { timeout: 120_000 };
const repository = fileURLToPath(new URL('../../../../../', import.meta.url));

let web: WebWorld;
beforeAll(async () => void (web = await openWebWorld()), 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const stepsOf = (page: Page) => page.getByRole('region', { name: /First steps|Everything is there/u });

test(
  'the first minute of a workspace: a channel, a person by a link, an agent by a line that works',
  patience,
  async () => {
    await using world = await openTestHub('postgres');
    const url = await world.hub.listen();
    const { page, complaints } = await web.browsers.visit(`${url}/#setup=${world.hub.setup?.code ?? ''}`);
    await page.getByLabel('Handle').fill('ann');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Set up and sign in' }).click();
    await page.getByRole('heading', { name: 'general' }).waitFor();
    await stepsOf(page).getByText('0 of 3').waitFor();

    await page.getByRole('button', { name: 'Create: Create a channel' }).click();
    const form = page.getByRole('dialog', { name: 'Create a channel' });
    await form.getByLabel('Name').fill('Release Notes');
    expect(await form.getByLabel('Name').inputValue()).toBe('release-notes');
    await form.getByRole('button', { name: 'Create the channel' }).click();
    await page.getByRole('heading', { name: 'release-notes' }).waitFor();
    await stepsOf(page).getByText('1 of 3').waitFor();

    await page.getByRole('button', { name: 'Invite: Invite a person' }).click();
    const invite = page.getByRole('form', { name: 'Invite a person' });
    await invite.getByLabel('Name').fill('Grace Hopper');
    expect(await invite.getByLabel('Handle').inputValue()).toBe('grace-hopper');
    await invite.getByLabel('Handle').fill('ann');
    await invite.getByRole('button', { name: 'Make the invitation' }).click();
    // What is refused is told at its field, and what was typed is still there.
    await page.locator('[aria-invalid=true]').waitFor();
    expect(await invite.getByLabel('Name').inputValue()).toBe('Grace Hopper');
    await invite.getByLabel('Handle').fill('grace');
    await invite.getByRole('button', { name: 'Make the invitation' }).click();
    const link = await page.getByRole('region', { name: 'The invitation' }).innerText();
    await page.getByRole('button', { name: 'Done' }).click();
    await stepsOf(page).getByText('2 of 3').waitFor();
    const grace = await web.browsers.visit(link);
    await grace.page.getByLabel('Password').fill('correct horse battery');
    await grace.page.getByRole('button', { name: 'Set up and sign in' }).click();
    await grace.page.getByRole('navigation', { name: 'Channels' }).waitFor();

    await page.getByRole('button', { name: 'Connect: Connect an agent' }).click();
    await page.getByRole('form', { name: 'Connect an agent' }).getByLabel('Name').fill('Scout');
    await page.getByRole('button', { name: 'Make the agent' }).click();
    const line = await page.getByRole('region', { name: 'A line for the terminal' }).innerText();
    await page.getByText('Waiting for Scout').waitFor();
    await promisify(execFile)('sh', ['-c', line], { cwd: repository, timeout: 60_000 });
    await page.getByText('Scout is heard').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await stepsOf(page).getByText('3 of 3').waitFor();

    await page.getByRole('button', { name: 'Close the first steps' }).click();
    await stepsOf(page).waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    expect(await stepsOf(page).count()).toBe(0);
    // Nobody was signed in at first, and a name was taken: the browser tells of the refusals, too.
    const told = [...complaints, ...grace.complaints].filter((text) => !/40[19]/u.test(text));
    expect(told).toEqual([]);
  },
);

test('who runs the workspace and is in no channel is guided, too', patience, async () => {
  const { page, complaints } = await web.enter(web.owner);
  await page.getByRole('heading', { name: /Welcome to/u }).waitFor();
  await page.getByRole('button', { name: 'Connect: Connect an agent' }).waitFor();
  await page.getByText('There is no public channel yet').waitFor();
  expect(complaints).toEqual([]);
});

test('names are made of what people type, as far as that is clear', patience, async () => {
  const { page } = await web.enter(web.owner);
  const typed = async (step: RegExp, field: string, text: string, becomes: string): Promise<void> => {
    await page.getByRole('button', { name: step }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(text);
    await expect.poll(() => dialog.getByLabel(field).inputValue()).toBe(becomes);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  };
  const [channel, agent] = [/: Create a channel/u, /: Connect an agent/u];
  await typed(channel, 'Name', '#Q3 Pläne', 'q3-plane');
  await typed(agent, 'Handle', 'José María', 'jose-maria');
  await typed(agent, 'Handle', '  .Ünal_ ', 'unal');
  await typed(agent, 'Handle', '漢字', '');
});

test('who is in no channel finds the public ones, and joins one', patience, async () => {
  await web.channel('garden');
  await web.channel('cellar', [], 'private');
  const carol = await web.person('carol');
  const { page, complaints } = await web.enter(carol);
  await page.getByRole('button', { name: 'Join garden' }).waitFor();
  expect(await page.getByText('cellar').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Create: Create a channel' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Join garden' }).click();
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  expect(complaints).toEqual([]);
});

test('who may only read is offered no channel to join', patience, async () => {
  const reader = await web.person('reader', 'observer');
  const { page } = await web.enter(reader);
  await page.getByRole('heading', { name: 'Channels to join' }).waitFor();
  await page.getByRole('list').getByText('garden').waitFor();
  expect(await page.getByRole('button', { name: /^Join/u }).count()).toBe(0);
});
