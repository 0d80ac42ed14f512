import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openDemoWorld, type DemoWorld } from '../../support/demo-world.ts';

const patience = { timeout: 120_000 };
const promised = 150_000;

let demo: DemoWorld;
beforeAll(async () => void (demo = await openDemoWorld('postgres')), 120_000);
afterAll(async () => demo[Symbol.asyncDispose]());
afterEach(async () => demo.browsers.leave());

/** What a page loads until it has what it needs to show a channel: JavaScript by its address, in bytes as they travel. */
async function loadedFor(channelId: string): Promise<Map<string, number>> {
  const { page, complaints } = await demo.enter('');
  const scripts = new Map<string, number>();
  const coming: Promise<unknown>[] = [];
  page.on('response', (response) => {
    if (!response.headers()['content-type']?.includes('javascript')) return;
    coming.push(response.body().then((body) => scripts.set(response.url(), gzipSync(body).length)));
  });
  await page.goto(`${demo.url}/#/c/${channelId}`);
  await page.reload({ waitUntil: 'networkidle' });
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  await Promise.all(coming);
  expect(complaints).toEqual([]);
  expect(scripts.size).toBeGreaterThan(0);
  return scripts;
}

const sum = (scripts: Map<string, number>): number => [...scripts.values()].reduce((a, b) => a + b, 0);

test('what a page needs to begin is less than 150 kB of JavaScript, compressed', patience, async () => {
  const { id } = await demo.call('createChannel', { body: { kind: 'public', name: 'plain' } });
  const body = { content: 'Nothing is marked up here', clientId: id };
  await demo.call('sendMessage', { params: { channelId: id }, body });
  expect(sum(await loadedFor(id))).toBeLessThan(promised);
});

test('the first message that is marked up brings one part more, and no other', patience, async () => {
  const scripts = await loadedFor(demo.scenery.channel('general').id);
  const marking = [...scripts.keys()].filter((url) => url.includes('markdown'));
  expect(marking).toHaveLength(1);
  for (const url of marking) scripts.delete(url);
  expect(sum(scripts)).toBeLessThan(promised);
});

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
