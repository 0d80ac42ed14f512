import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openDemoWorld, type DemoWorld } from '../../support/demo-world.ts';

const patience = { timeout: 120_000 };
const promised = 150_000;

let demo: DemoWorld;
beforeAll(async () => void (demo = await openDemoWorld('postgres')), 120_000);
afterAll(async () => demo[Symbol.asyncDispose]());
afterEach(async () => demo.browsers.leave());

/** What a page loads until a channel is shown as it should be: JavaScript by its address, in bytes as they travel. */
async function loadedFor(channelId: string, shown: string): Promise<Map<string, number>> {
  const { page, complaints } = await demo.enter('');
  // What was loaded for signing in does not count.
  await page.goto('about:blank');
  const scripts = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    if (!response.headers()['content-type']?.includes('javascript')) return;
    scripts.set(
      response.url(),
      response.body().then((body) => gzipSync(body).length),
    );
  });
  await page.goto(`${demo.url}/#/c/${channelId}`);
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  await page.locator(shown).first().waitFor();
  await page.waitForLoadState('networkidle');
  expect(complaints).toEqual([]);
  const sizes = [...scripts].map(async ([url, size]) => [url, await size] as const);
  return new Map(await Promise.all(sizes));
}

const sum = (scripts: Map<string, number>): number => [...scripts.values()].reduce((a, b) => a + b, 0);

test('what a page needs to begin is one file', patience, async () => {
  const { id } = await demo.call('createChannel', { body: { kind: 'public', name: 'plain' } });
  // A channel in which next to nothing was said shows the guide for the first minute, too.
  for (let nth = 0; nth < 6; nth += 1) {
    const body = { content: 'Nothing is marked up here', clientId: `${id} ${nth}` };
    await demo.call('sendMessage', { params: { channelId: id }, body });
  }
  expect([...(await loadedFor(id, '.as-text')).keys()]).toHaveLength(1);
});

test(
  'with messages that are marked up, it is less than 150 kB of JavaScript, compressed',
  patience,
  async () => {
    const { id } = demo.scenery.channel('general');
    const scripts = await loadedFor(id, '.message-body :is(strong, code, a, .mention)');
    // One part more, and no other.
    expect([...scripts.keys()].filter((url) => url.includes('/markdown-'))).toHaveLength(1);
    expect(scripts.size).toBe(2);
    expect(sum(scripts)).toBeLessThan(promised);
  },
);

test('a page loads nothing that is not of its own hub', patience, async () => {
  const { page } = await demo.enter('');
  const foreign: string[] = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== demo.url && !/^(?:data|blob):$/u.test(protocol)) foreign.push(request.url());
  });
  await page.reload({ waitUntil: 'networkidle' });
  await page.getByRole('article').first().waitFor();
  expect(foreign).toEqual([]);
});
