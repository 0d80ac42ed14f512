import { expect, test } from 'vitest';
import { openTestHub } from '../support/hub.ts';
import { openBrowsers } from '../support/pages.ts';

test(
  'somebody sets the workspace up with the code in the address, signs out, and in again',
  { timeout: 120_000 },
  async () => {
    await using world = await openTestHub('embedded');
    const url = await world.hub.listen();
    await using browsers = await openBrowsers();
    const { page, complaints } = await browsers.visit(`${url}/#setup=${world.hub.setup?.code ?? ''}`);
    await page.getByLabel('Your name').fill('Ann');
    expect(new URL(page.url()).hash).toBe('');
    expect(await page.getByLabel('Set-up code').inputValue()).toBe(world.hub.setup?.code);
    await page.getByLabel('Handle').fill('ann');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Set up and sign in' }).click();
    expect(await page.getByLabel('Password').evaluate((field) => field.matches(':invalid'))).toBe(true);
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Set up and sign in' }).click();
    await page.getByRole('navigation', { name: 'Channels' }).waitFor();

    await page.getByRole('button', { name: /^You: Ann/u }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Handle').fill('ann');
    await page.getByLabel('Password').fill('wrong wrong wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('wrong').waitFor();
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Channels' }).waitFor();
    // The refusals that were asked for are told by the browser, too.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  },
);
