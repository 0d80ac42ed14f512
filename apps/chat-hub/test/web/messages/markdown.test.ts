/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { log, say } from '../timeline/saying.ts';

const patience = { timeout: 30_000 };

let web: WebWorld;
let bob: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const body = (page: Page, id: string) => log(page).locator(`[data-message="${id}"] .message-body`);

test('messages are read as Markdown', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('words', [bob]);
  const other = await web.channel('design', [bob]);
  const text = await say(
    bob,
    channelId,
    [
      '# A heading\n\n**bold** _slanted_ ~~gone~~ `code <b>`\nnext line',
      '> a quote',
      '3. third\n4. fourth\n   - inner',
      '- [x] done\n- [ ] open',
      '| a | b |\n|---|---|\n| 1 | **2** |',
      '```ts title\nconst a = "<b>";\n```',
      '![a picture](https://pictures.example/a.png) and https://plain.example/x and me@mail.example',
    ].join('\n\n'),
  );
  const names = await say(bob, channelId, '@ann, @bob. and @nobody: see #design, #nowhere, `@ann` and x@ann');
  const here = await say(bob, channelId, '@here **now**');
  const emoji = await say(bob, channelId, '🎉🚀');
  const rtl = await say(bob, channelId, 'First\n\nשלום **עולם**');
  const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
  const said = body(page, text.id);
  await said.locator('strong').first().waitFor();
  for (const [selector, content] of [
    ['.md-heading', 'A heading'],
    ['em', 'slanted'],
    ['del', 'gone'],
    ['p code', 'code <b>'],
    ['blockquote', 'a quote'],
    ['ol[start="3"] > li:nth-of-type(2) li', 'inner'],
    ['th:nth-child(2)', 'b'],
    ['td strong', '2'],
    ['pre code', 'const a = "<b>";'],
    ['.code-head span', 'ts'],
    ['a[href="https://pictures.example/a.png"]', 'a picture'],
    ['a[href="https://plain.example/x"]', 'https://plain.example/x'],
    ['a[href="mailto:me@mail.example"]', 'me@mail.example'],
  ] as const)
    expect([selector, (await said.locator(selector).first().textContent())?.trim()]).toEqual([
      selector,
      content,
    ]);
  expect(await said.locator('img').count()).toBe(0);
  expect(await said.locator('.task').allTextContents()).toEqual(['☑', '☐']);
  const link = said.locator('a[href="https://plain.example/x"]');
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  expect(await link.getAttribute('target')).toBe('_blank');

  // Who is mentioned is for the hub to say.
  const named = body(page, names.id);
  await expect.poll(() => named.locator('.mention').allTextContents(), patience).toEqual(['@ann', '@bob']);
  expect(await named.locator('.mention.own').allTextContents()).toEqual(['@ann']);
  await expect.poll(() => named.locator('.channel-link').allTextContents(), patience).toEqual(['#design']);
  await expect.poll(() => log(page).locator('.message[data-mentioned]').count(), patience).toBe(2);
  expect(await body(page, here.id).locator('.mention.own').textContent()).toBe('@here');
  expect(await body(page, emoji.id).getAttribute('data-emoji')).toBe('true');
  const directions = await body(page, rtl.id)
    .locator('p')
    .evaluateAll((all) => all.map((one) => getComputedStyle(one).direction));
  expect(directions).toEqual(['ltr', 'rtl']);

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await said.getByRole('button', { name: 'Copy' }).click();
  await said.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('const a = "<b>";');

  await named.getByRole('button', { name: '@bob' }).click();
  await expect.poll(() => decodeURIComponent(page.url()), patience).toContain(`panel=profile:${bob.id}`);
  await named.getByRole('link', { name: '#design' }).click();
  await page.getByText('This is the beginning of #design').waitFor();
  expect(page.url()).toContain(other);
  expect(complaints).toEqual([]);
});

test('a long message shows its beginning, and all of it when asked', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('long', [bob]);
  await say(bob, channelId, `${'**many** words '.repeat(1_060)}the end`);
  const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
  const more = log(page).getByRole('button', { name: /Show more/u });
  await more.waitFor();
  expect(await log(page).getByText('the end').count()).toBe(0);
  await more.click();
  await log(page).getByText('the end').waitFor();
  await log(page).getByRole('button', { name: 'Show less' }).click();
  await more.waitFor();
  expect(complaints).toEqual([]);
});

test(
  'edited, deleted and pinned messages say so, and earlier texts can be read',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('marks', [bob]);
    const [one, two, three] = [
      await say(bob, channelId, 'first text'),
      await say(bob, channelId, 'a secret'),
      await say(bob, channelId, 'remember this'),
    ];
    const answer = await say(bob, channelId, 'an answer', { replyTo: two.id });
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    const row = (id: string) => log(page).locator(`[data-message="${id}"]`);
    await row(answer.id).getByText('a secret').waitFor();
    const params = { channelId, messageId: one.id };
    await bob.call('editMessage', { params, body: { content: 'second text' } });
    await bob.call('editMessage', { params, body: { content: 'third text' } });
    await bob.call('deleteMessage', { params: { channelId, messageId: two.id } });
    await web.owner.call('pinMessage', { params: { channelId, messageId: three.id } });
    await row(one.id).getByText('third text').waitFor();
    await row(two.id).getByText('This message was deleted.').waitFor();
    await row(answer.id).getByText('A message that is not there any more').waitFor();
    await row(three.id).getByText('Pinned').waitFor();
    await row(one.id).getByRole('button', { name: '(edited)' }).click();
    const dialog = page.getByRole('dialog', { name: 'Earlier texts' });
    await expect
      .poll(() => dialog.locator('.edit-history-text').allTextContents(), patience)
      .toEqual(['second text', 'first text']);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  },
);

/** What others have tried before: scripts, pictures that fail, addresses that run, Markdown that hides HTML, and the other way round. */
const hostile = [
  '<script>window.ran = 1</script>',
  '<img src=x onerror="window.ran = 1">',
  '<svg onload="window.ran = 1"><script>window.ran = 1</script></svg>',
  '<svg><a xlink:href="javascript:window.ran=1"><text y="20">click</text></a></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=window.ran=1></style></mglyph></table></mtext></math>',
  '<iframe srcdoc="<script>parent.ran = 1</script>"></iframe>',
  '<details open ontoggle="window.ran = 1">x</details>',
  '<form action="https://evil.example"><input name=q autofocus onfocus="window.ran=1"><button>go</button></form>',
  '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<link rel=stylesheet href="https://evil.example/x.css"><style>@import "https://evil.example/y.css"</style>',
  '<object data="https://evil.example/x"></object><embed src="https://evil.example/x">',
  '<video poster="https://evil.example/x"><source onerror="window.ran=1"></video>',
  '[click](javascript:window.ran=1) [click](JaVaScRiPt:window.ran=1) [click](java\tscript:window.ran=1)',
  '[click](&#106;avascript:window.ran=1) [click](javascript&colon;window.ran=1) [click](\u0001javascript:window.ran=1)',
  '[click](data:text/html,<script>opener.ran=1</script>) [click](vbscript:x) [click](blob:x) [click](file:///etc/passwd)',
  '![x](javascript:window.ran=1) ![x](data:image/svg+xml,<svg/onload=window.ran=1>)',
  '![x](https://evil.example/pixel.png) ![x][ref]\n\n[ref]: https://evil.example/ref.png "x"',
  '<javascript:window.ran=1> <https://evil.example/" onmouseover="window.ran=1>',
  '[x](https://evil.example/"onmouseover="window.ran=1) [x](https://a.example "title\\" onfocus=\\"window.ran=1")',
  '```"><img src=x onerror=window.ran=1>\ncode\n```',
  '`<img src=x onerror=window.ran=1>` **<img src=x onerror=window.ran=1>**',
  '| <img src=x onerror=window.ran=1> |\n|---|\n| <script>window.ran=1</script> |',
  '- [x] <img src=x onerror=window.ran=1>\n\n> <svg/onload=window.ran=1>',
  '@ann"><img src=x onerror=window.ran=1> #x"><img src=x onerror=window.ran=1>',
  '<a href="javascript:window.ran=1" id="root" name="getElementById">x</a><p id="root">x</p>',
  '&lt;img src=x onerror=window.ran=1&gt; &#60;script&#62;window.ran=1&#60;/script&#62;',
  '<!--><img src=x onerror=window.ran=1>--> <![CDATA[<script>window.ran=1</script>]]> <?php x ?>',
  '\u202Egnp.exe\u202C \u2066hidden\u2069 a\u0000b {{constructor.constructor("window.ran=1")()}}',
  `${'>'.repeat(4_000)} deep`,
  `${'> - '.repeat(2_000)} deep`,
  '['.repeat(8_000),
  '![a]('.repeat(2_500),
  '**a _b '.repeat(2_000),
  `${'*'.repeat(15_000)}a`,
  'a_*'.repeat(5_300),
  '_a'.repeat(7_990),
  '@x@x'.repeat(3_990),
  '* - + '.repeat(2_600),
  `${'*'.repeat(8_000)}a${'*'.repeat(7_980)}`,
  `${'`'.repeat(7_000)} ${'`'.repeat(6_999)}`,
  '<'.repeat(15_000),
  `|${'a|'.repeat(3_000)}\n|${'-|'.repeat(3_000)}`,
  '- a\n'.repeat(3_000),
  `${'@a'.repeat(7_000)} ${'#'.repeat(1_000)}`,
  'a@'.repeat(7_000),
  'http://'.repeat(2_000),
  '**Read this**',
];

/** What was done with the rows that are in the page now. */
interface Inspected {
  readonly whole: readonly string[];
  readonly tags: readonly string[];
  readonly bad: readonly string[];
}

/** The last paragraph of each: who shows it shows all before it. */
const ending = 'That was all.';

/** Opens what is folded, looks at every row that is there as a whole, and goes on to what is above them. */
const inspect = (page: Page): Promise<Inspected> =>
  log(page).evaluate(async (log, ending) => {
    for (const button of log.querySelectorAll<HTMLElement>('.show-more[aria-expanded="false"]'))
      button.click();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const rows = [...log.querySelectorAll<HTMLElement>('.message')];
    const whole = rows.filter((row) => row.textContent.includes(ending));
    const elements = whole.flatMap((row) => [...row.querySelectorAll('.message-body *')]);
    // From row to row, however high they are.
    const edge = log.getBoundingClientRect();
    const first = rows.find((row) => row.getBoundingClientRect().bottom > edge.top);
    if (first !== undefined && rows.slice(rows.indexOf(first)).every((row) => whole.includes(row)))
      log.scrollTop += first.getBoundingClientRect().top - edge.bottom + 1;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return {
      whole: whole.map((row) => row.dataset['message'] ?? ''),
      tags: [...new Set(elements.map(({ tagName }) => tagName.toLowerCase()))],
      bad: elements.flatMap((element) =>
        element
          .getAttributeNames()
          .filter(
            (name) =>
              name.startsWith('on') ||
              ['src', 'srcdoc', 'style', 'id', 'name', 'action'].includes(name) ||
              (name === 'href' && !/^(?:https?:\/\/|mailto:|#\/)/u.test(element.getAttribute('href') ?? '')),
          )
          .map((name) => `${element.tagName} ${name}`),
      ),
    };
  }, ending);

test(
  'nothing that is written runs, asks anybody for anything, or stops the page',
  { timeout: 300_000 },
  async () => {
    const channelId = await web.channel('hostile', [bob]);
    for (const text of hostile) await say(bob, channelId, `${text.replaceAll('\u0000', '')}\n\n${ending}`);
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(web.url)) asked.push(request.url());
    });
    page.on('dialog', (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    // Until what reads Markdown has come, it is shown as it was typed.
    await log(page).locator('strong', { hasText: 'Read this' }).waitFor();
    const tags = new Set<string>();
    const seen = new Set<string>();
    const bad: string[] = [];
    // From the last to the first, so that each was in the page.
    await vi.waitFor(
      async () => {
        const found = await inspect(page);
        bad.push(...found.bad);
        for (const row of found.whole) seen.add(row);
        for (const tag of found.tags) tags.add(tag);
        expect(seen.size).toBe(hostile.length);
      },
      { timeout: 240_000, interval: 1 },
    );
    expect(bad).toEqual([]);
    const allowed =
      'a b blockquote br button code del div em hr i li ol p pre s span strong table tbody td th thead tr ul'.split(
        ' ',
      );
    expect([...tags].filter((tag) => !allowed.includes(tag))).toEqual([]);
    expect([...tags]).toEqual(expect.arrayContaining(['a', 'blockquote', 'code', 'strong', 'table']));
    expect(await page.evaluate(() => Reflect.get(window, 'ran') as unknown)).toBeUndefined();
    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

test(
  'code is copied while it is clicked: what is loaded later only tells of it',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('copied', [bob]);
    await say(bob, channelId, '```js\nconst copied = true;\n```');
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page } = await web.enter(web.owner, `#/c/${channelId}`, { permissions });
    const button = log(page).getByRole('button', { name: 'Copy', exact: true });
    await button.waitFor();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/copy-code-*.js', async (route) => {
      await held;
      await route.continue();
    });
    await button.click();
    // Some browsers take nothing from a page that comes back to it later.
    await expect
      .poll(() => page.evaluate<string>('navigator.clipboard.readText()'), patience)
      .toBe('const copied = true;');
    release();
    await log(page).getByRole('button', { name: 'Copied' }).waitFor();
    await page.context().close();
  },
);
