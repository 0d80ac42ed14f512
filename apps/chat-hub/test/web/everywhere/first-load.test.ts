import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDemoWorld, type DemoWorld } from '../../support/demo-world.ts';

const patience = { timeout: 120_000 };
const promised = 150_000;

let demo: DemoWorld;
beforeAll(async () => void (demo = await openDemoWorld()), 120_000);
afterAll(async () => demo[Symbol.asyncDispose]());

test(
  'what a page needs to show a channel is less than 150 kB of JavaScript, compressed',
  patience,
  async () => {
    const { page, complaints } = await demo.enter('');
    const scripts = new Map<string, number>();
    page.on('response', (response) => {
      if (!response.headers()['content-type']?.includes('javascript')) return;
      void response.body().then((body) => scripts.set(response.url(), gzipSync(body).length));
    });
    await page.goto(`${demo.url}/#/c/${demo.scenery.channel('general').id}`);
    await page.reload({ waitUntil: 'networkidle' });
    await page.getByRole('article').first().waitFor();
    const total = [...scripts.values()].reduce((sum, bytes) => sum + bytes, 0);
    expect(scripts.size).toBeGreaterThan(0);
    expect(total).toBeLessThan(promised);
    expect(complaints).toEqual([]);
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
