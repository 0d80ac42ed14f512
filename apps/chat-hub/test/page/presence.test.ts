import type { Channel } from '@parley/hub-protocol';
import { expect, test } from 'vitest';
import { openPage, type Page } from '../support/browser.ts';
import { openTestHub } from '../support/hub.ts';

/** Types into a field of a form, and sends it. */
const fill = (page: Page, form: string, fields: Readonly<Record<string, string>>): Promise<unknown> =>
  page.evaluate(`(() => {
    const form = document.getElementById(${JSON.stringify(form)});
    for (const [name, value] of Object.entries(${JSON.stringify(fields)})) form.elements.namedItem(name).value = value;
    form.requestSubmit();
  })()`);

async function pictured(page: Page, name: string): Promise<void> {
  const folder = process.env['PARLEY_SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot(`${folder}/${name}.png`);
}

const isWide = 'document.documentElement.scrollWidth <= innerWidth';

/** How somebody is seen in the list of members. */
const dotOf = (userId: string): string =>
  `document.querySelector('#members [data-user="${userId}"] .dot')?.dataset.status`;
const textOf = (id: string): string => `document.getElementById('${id}').textContent`;

/** Somebody types a key into the field for messages. */
const type = (page: Page, text: string): Promise<unknown> =>
  page.evaluate(`(() => {
    const field = document.getElementById('text');
    field.value = ${JSON.stringify(text)};
    field.dispatchEvent(new Event('input', { bubbles: true }));
  })()`);

/** The tab is looked at, or another one is. */
const look = (page: Page, hidden: boolean): Promise<unknown> =>
  page.evaluate(`(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} });
    document.dispatchEvent(new Event('visibilitychange'));
  })()`);

async function enter(page: Page, url: string, code: string, fields: Record<string, string>): Promise<void> {
  await page.open(`${url}/#setup=${code}`);
  await page.becomes(`document.getElementById('set-up')?.elements.namedItem('code').value`);
  await fill(page, 'set-up', { password: 'correct horse battery', ...fields });
  await page.becomes(`${textOf('state')} === 'Connected'`);
}

test(
  'two people see each other come and go, type, and how they want to be seen',
  { timeout: 240_000 },
  async () => {
    await using world = await openTestHub('embedded');
    const url = await world.hub.listen();
    await using hers = await openPage();
    await hers.resize(1100, 700);
    await enter(hers, url, world.hub.setup?.code ?? '', { handle: 'ann', displayName: 'Ann' });
    const other = await world.user('other', { role: 'owner' });
    const created = await world.ask('POST', '/users', {
      token: other.token,
      body: { kind: 'person', handle: 'ben', displayName: 'Ben' },
    });
    const { user: ben, setup } = created.json<{ user: { id: string }; setup: { code: string } }>();
    const list = await world.ask('GET', '/channels', { token: other.token });
    const [channel] = list.json<{ items: Channel[] }>().items;
    expect(channel?.name).toBe('general');

    await using his = await openPage();
    await his.resize(320, 640);
    await enter(his, url, setup.code, {});
    for (const page of [hers, his]) {
      await page.becomes(`${textOf('room-title')} === '# general'`);
      await page.becomes(`${textOf('here-count')} === '2 here'`);
    }
    await hers.becomes(`${dotOf(ben.id)} === 'online'`);

    await type(his, 'Hel');
    await hers.becomes(`${textOf('typing')} === 'Ben is typing'`);
    expect(await his.evaluate(textOf('typing'))).toBe('');
    await pictured(hers, 'typing');
    await type(his, '');
    await hers.becomes(`${textOf('typing')} === ''`);
    await type(his, 'Hello');
    await hers.becomes(`${textOf('typing')} === 'Ben is typing'`);
    await his.evaluate(`document.getElementById('send').requestSubmit()`);
    await hers.becomes(`${textOf('typing')} === ''`);
    await hers.becomes(`${textOf('messages')}.includes('Hello')`);

    await look(his, true);
    await hers.becomes(`${dotOf(ben.id)} === 'away'`);
    await look(his, false);
    await hers.becomes(`${dotOf(ben.id)} === 'online'`);

    await his.evaluate(`document.getElementById('own').open = true`);
    await pictured(his, 'status-narrow');
    expect(await his.evaluate(isWide)).toBe(true);
    await fill(his, 'status', { availability: 'dnd', emoji: '👀', customStatus: 'Reviewing <b>PRs</b>' });
    await hers.becomes(`${dotOf(ben.id)} === 'dnd'`);
    await hers.becomes(`${textOf('members')}.includes('👀 Reviewing <b>PRs</b>')`);
    await his.becomes(`document.querySelector('#own-dot .dot').dataset.status === 'dnd'`);
    await hers.evaluate(`document.getElementById('here').open = true`);
    await pictured(hers, 'here');
    await his.evaluate(`document.getElementById('here').open = true`);
    await pictured(his, 'here-narrow');
    expect(await his.evaluate(isWide)).toBe(true);
    await hers.resize(1100, 700, 'dark');
    await pictured(hers, 'here-dark');

    // What was chosen is there when it is opened again.
    await his.evaluate(`document.getElementById('own').open = true`);
    await his.becomes(`document.getElementById('status').elements.namedItem('availability').value === 'dnd'`);
    await his.evaluate(`document.getElementById('clear-status').click()`);
    await hers.becomes(`${dotOf(ben.id)} === 'online'`);

    await type(his, 'I am');
    await hers.becomes(`${textOf('typing')} === 'Ben is typing'`);
    await his.open('about:blank');
    await hers.becomes(`${dotOf(ben.id)} === 'offline'`);
    await hers.becomes(`${textOf('here-count')} === '1 here'`);
    await hers.becomes(`${textOf('typing')} === ''`);
    // Before they came in, the browser tells that nobody was signed in.
    const complaints = [...hers.complaints, ...his.complaints];
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);

    await his.open(url);
    await hers.becomes(`${dotOf(ben.id)} === 'online'`);
    await his.becomes(`${textOf('here-count')} === '2 here'`);
    await type(his, 'Still');
    await hers.becomes(`${textOf('typing')} === 'Ben is typing'`);
    await world.hub.close();
    await hers.becomes(`${textOf('state')} === 'Reconnecting...'`);
    await hers.becomes(`${textOf('typing')} === ''`);
    expect(await hers.evaluate(`document.getElementById('here').dataset.stale`)).toBe('true');
    await pictured(hers, 'here-stale');
  },
);
