import { callHub } from '@parley/hub-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
beforeAll(async () => void (web = await openWebWorld()), 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const patience = { timeout: 120_000 };
const as = (token: string) => callHub({ url: web.url, token });

test('an agent is added, and its token, which is shown once, is good', patience, async () => {
  const bob = await web.person('bob');
  const { page, complaints } = await web.enter(web.owner, '#/admin/agents', {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await page.getByText('There is no agent yet.').waitFor();
  await page.getByRole('button', { name: 'Add an agent' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Coder');
  await page.getByLabel('Handle').fill('coder');
  await page.getByLabel('Owner').selectOption(bob.id);
  await page.getByLabel('Model').fill('example-model-1');
  await page.getByLabel('Capabilities').fill('code review, tests');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const told = page.getByRole('dialog', { name: 'Coder is here' });
  const secret = await told.getByLabel('Token', { exact: true }).inputValue();
  await told.getByRole('button', { name: 'Copy: Token' }).click();
  await told.getByText('Copied').waitFor();
  expect(await page.evaluate(`navigator.clipboard.readText()`)).toBe(secret);
  expect(await told.getByLabel('Try it', { exact: true }).inputValue()).toContain(`PARLEY_TOKEN=${secret}`);
  await page.keyboard.press('Escape');
  await told.waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain(secret);
  const { user } = await as(secret)('readSession');
  expect(user).toMatchObject({
    handle: 'coder',
    ownerId: bob.id,
    model: 'example-model-1',
    capabilities: ['code review', 'tests'],
  });
  expect(complaints).toEqual([]);
});

test('who runs nothing looks after their own tokens and those of their agents', patience, async () => {
  const carla = await web.person('carla');
  await web.world.user('helper', { kind: 'agent', ownerId: carla.id });
  const { page } = await web.enter(carla, '#/admin/tokens');
  await page.getByRole('region', { name: 'Tokens of helper' }).waitFor();
  expect(await page.getByRole('navigation', { name: 'Administration' }).count()).toBe(0);
  const mine = page.getByRole('region', { name: 'Your tokens' });
  await mine.getByRole('button', { name: 'New token' }).click();
  const form = page.getByRole('form', { name: 'A new token of carla' });
  await form.getByLabel('What it is for').fill('Backup of the laptop');
  expect(await form.getByRole('checkbox', { name: /^admin/u }).count()).toBe(0);
  await form.getByRole('checkbox', { name: /^write/u }).check();
  await form.getByLabel('It ends').selectOption('7');
  await form.getByRole('button', { name: 'Make the token' }).click();
  const told = page.getByRole('dialog', { name: /Backup of the laptop/u });
  const secret = await told.getByLabel('Token', { exact: true }).inputValue();
  await told.getByRole('button', { name: 'Done' }).click();
  const { scopes, expiresAt } = await as(secret)('readSession');
  expect(scopes).toEqual(['read', 'write']);
  expect(expiresAt).toBeGreaterThan(Date.now() + 6 * 86_400_000);

  const row = mine.getByRole('row').filter({ hasText: 'Backup of the laptop' });
  await row.getByText('Valid, ends').waitFor();
  await row.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByText('cut off at once').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await row.getByText('Revoked').waitFor();
  await expect(as(secret)('readSession')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('who may make no tokens is told so', patience, async () => {
  const observer = await web.person('otto', 'observer');
  const { page, complaints } = await web.enter(observer, '#/admin/tokens');
  await page.getByText('This is for those who run the workspace').waitFor();
  expect(await page.getByRole('button', { name: 'New token' }).count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('a token that cannot be made is told of, and what was typed stays', patience, async () => {
  const { page } = await web.enter(web.owner, '#/admin/tokens');
  await page.getByRole('button', { name: 'New token' }).first().click();
  const form = page.getByRole('form', { name: 'A new token of ann' });
  await form.getByLabel('What it is for').fill('Nothing');
  await form.getByRole('checkbox', { name: /^read/u }).uncheck();
  await form.getByRole('button', { name: 'Make the token' }).click();
  await form.getByRole('alert').waitFor();
  expect(await form.getByLabel('What it is for').inputValue()).toBe('Nothing');
});
