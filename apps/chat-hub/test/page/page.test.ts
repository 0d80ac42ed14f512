import type { Channel } from '@parley/hub-protocol';
import { expect, test } from 'vitest';
import { openPage, type Page } from '../support/browser.ts';
import { openTestHub, type TestHub } from '../support/hub.ts';

/** Types into a field of a form, and sends it. */
const fill = (page: Page, form: string, fields: Readonly<Record<string, string>>): Promise<unknown> =>
  page.evaluate(`(() => {
    const form = document.getElementById(${JSON.stringify(form)});
    for (const [name, value] of Object.entries(${JSON.stringify(fields)})) form.elements.namedItem(name).value = value;
    form.requestSubmit();
  })()`);

const shows = (text: string) =>
  `document.getElementById('messages').textContent.includes(${JSON.stringify(text)})`;

async function pictured(page: Page, name: string): Promise<void> {
  const folder = process.env['PARLEY_SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot(`${folder}/${name}.png`);
}

const isWide = 'document.documentElement.scrollWidth <= innerWidth';

async function sayAs(world: TestHub, token: string, channelId: string, content: string): Promise<void> {
  await world.ask('POST', `/channels/${channelId}/messages`, {
    token,
    body: { clientId: content.slice(0, 60), content },
  });
}

test(
  'somebody sets the workspace up, makes a channel, talks, and sees at once what others say',
  { timeout: 180_000 },
  async () => {
    await using world = await openTestHub('embedded');
    const url = await world.hub.listen();
    await using page = await openPage();
    await page.resize(320, 640);
    await page.open(`${url}/#setup=${world.hub.setup?.code ?? ''}`);
    await page.becomes(`document.getElementById('set-up')?.elements.namedItem('code').value`);
    expect(await page.evaluate('location.hash')).toBe('');
    expect(await page.evaluate(`document.getElementById('unowned').hidden`)).toBe(false);
    expect(await page.evaluate(`document.getElementById('sign-in').hidden`)).toBe(true);
    expect(await page.evaluate(isWide)).toBe(true);
    await pictured(page, 'enter');

    await fill(page, 'set-up', { handle: 'ann', displayName: 'Ann', password: 'correct horse battery' });
    await page.becomes(`document.getElementById('state').textContent === 'Connected'`);
    await fill(page, 'new-channel', { name: 'plans' });
    await page.becomes(`document.getElementById('room-title').textContent === '# plans'`);
    await page.becomes(`!document.getElementById('send').hidden`);
    await fill(page, 'send', { text: 'Hello, <b>everybody</b>' });
    await page.becomes(shows('Hello, <b>everybody</b>'));

    const bot = await world.user('bot', { kind: 'agent' });
    const list = await world.ask('GET', '/channels', { token: bot.token });
    const id = list.json<{ items: Channel[] }>().items.find(({ name }) => name === 'plans')?.id ?? '';
    await world.ask('POST', `/channels/${id}/join`, { token: bot.token });
    await sayAs(world, bot.token, id, 'I am a machine');
    await page.becomes(shows('I am a machine'));
    await sayAs(world, bot.token, id, `A-word-without-an-end-${'x'.repeat(300)}`);
    await page.becomes(shows('A-word'));
    expect(await page.evaluate(isWide)).toBe(true);
    const rows = await page.evaluate<number>(`document.getElementById('messages').children.length`);
    expect(rows).toBe(3);
    await pictured(page, 'narrow');
    await page.resize(1100, 700, 'dark');
    await pictured(page, 'dark');
    await page.resize(1100, 700);
    await pictured(page, 'light');

    await page.evaluate(`document.getElementById('sign-out').click()`);
    await page.becomes(`!document.getElementById('enter').hidden`);
    expect(await page.evaluate(`document.getElementById('unowned').hidden`)).toBe(true);
    await fill(page, 'sign-in', { handle: 'ann', password: 'wrong wrong wrong' });
    await page.becomes(`document.getElementById('notice').textContent.includes('wrong')`);
    await fill(page, 'sign-in', { handle: 'ann', password: 'correct horse battery' });
    await page.becomes(shows('I am a machine'));
    // The two refusals that were asked for are told by the browser, too.
    expect(page.complaints.filter((text) => !text.includes('401'))).toEqual([]);
  },
);

test('who is thrown out is asked to sign in', { timeout: 180_000 }, async () => {
  await using world = await openTestHub('embedded');
  const url = await world.hub.listen();
  await using page = await openPage();
  await page.open(`${url}/#setup=${world.hub.setup?.code ?? ''}`);
  await page.becomes(`document.getElementById('set-up')?.elements.namedItem('code').value`);
  await fill(page, 'set-up', { password: 'correct horse battery' });
  await page.becomes(`document.getElementById('state').textContent === 'Connected'`);
  const owner = await world.user('other', { role: 'owner' });
  await world.tables().updateTable('users').set({ password: 'x' }).where('id', '=', owner.id).execute();
  const users = await world.ask('GET', '/users?handle=founder', { token: owner.token });
  const [founder] = users.json<{ items: { id: string }[] }>().items;
  await world.ask('DELETE', `/users/${founder?.id ?? ''}`, { token: owner.token });
  await page.becomes(`!document.getElementById('enter').hidden`);
});
