import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
beforeAll(async () => void (web = await openWebWorld()), 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const patience = { timeout: 120_000 };

test('what happens in the hub is seen in the figures, also in their table', patience, async () => {
  const bob = await web.person('bob');
  const channelId = await web.channel('plans', [bob]);
  const { page, complaints } = await web.enter(web.owner, '#/admin');
  await page.getByRole('img', { name: /^Connections: 1 now/u }).waitFor();
  await page.getByRole('img', { name: /^Messages: 0\/s now/u }).waitFor();
  const talking = new AbortController();
  const talk = async (): Promise<void> => {
    for (let i = 0; !talking.signal.aborted; i += 1)
      await bob.call('sendMessage', { params: { channelId }, body: { content: `${i}`, clientId: `c-${i}` } });
  };
  const talked = talk();
  await page.getByRole('img', { name: /^Messages: [1-9]/u }).waitFor();
  await page.getByRole('img', { name: /^Delivery: [\d.]+ m?s now/u }).waitFor();
  talking.abort();
  await talked;
  await page.getByText('The same as a table').click();
  const table = page.getByRole('table', { name: 'Figures of the last five minutes' });
  await table.getByRole('row').filter({ hasText: 'Memory, All' }).getByText('MB').first().waitFor();
  expect(complaints).toEqual([]);
});

test('figures wait while they are paused, or nobody looks', patience, async () => {
  const { page } = await web.enter(web.owner, '#/admin/overview');
  await page.getByRole('img', { name: /^Memory/u }).waitFor();
  let asked = 0;
  await page.route('**/metrics', async (route) => {
    asked += 1;
    await route.continue();
  });
  await page.clock.install();
  await page.getByRole('button', { name: 'Pause' }).click();
  // What was asked for before that may still be on its way.
  await page.clock.runFor(3_100);
  const before = asked;
  await page.clock.runFor(30_000);
  expect(asked).toBe(before);
  const answered = page.waitForResponse('**/metrics');
  await page.getByRole('button', { name: 'Go on' }).click();
  await answered;
  await page.evaluate(`Object.defineProperty(document, 'hidden', { value: true, configurable: true })`);
  await page.clock.runFor(3_100);
  const hidden = asked;
  for (let i = 0; i < 5; i += 1) await page.clock.runFor(3_100);
  expect(asked).toBe(hidden);
  const again = page.waitForResponse('**/metrics');
  await page.evaluate(`
    Object.defineProperty(document, 'hidden', { value: false, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
  await again;
});

test(
  'a node that does not answer is told of calmly, with what was known, until it does',
  patience,
  async () => {
    const { page } = await web.enter(web.owner, '#/admin/overview');
    await page.getByRole('img', { name: /^Memory/u }).waitFor();
    await page.route('**/metrics', (route) => route.abort());
    await page.getByText('There is nothing newer just now').waitFor();
    expect(await page.getByRole('img', { name: /^Memory: \d/u }).count()).toBe(1);
    await page.unroute('**/metrics');
    await page.getByText('There is nothing newer just now').waitFor({ state: 'detached' });
  },
);

test('several nodes are told apart, and one that is not well is seen', patience, async () => {
  const { page } = await web.enter(web.owner, '#/admin/announce');
  let turn = 0;
  await page.route('**/metrics', async (route) => {
    turn += 1;
    const node = turn % 2 === 0 ? 'blue' : 'green';
    const lines = [
      `parley_node{node="${node}"} 1`,
      'parley_nodes 2',
      'process_start_time_seconds 1000',
      `parley_sockets ${node === 'blue' ? 7 : 11}`,
      'parley_steady 0',
      'parley_audit_unsealed_seconds 400',
      'parley_limit_checks_total{limit="message.person",outcome="denied"} 42',
    ];
    await route.fulfill({ body: `${lines.join('\n')}\n`, contentType: 'text/plain' });
  });
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('img', { name: /^Connections: 11 now/u }).waitFor();
  await page.getByText('Not heard: logs are polled').waitFor();
  await page.getByText('Sealing stands still').waitFor();
  expect(await page.getByRole('link', { name: '42', exact: true }).getAttribute('href')).toBe(
    '#/admin/limits',
  );
  await page.getByLabel('Node').selectOption('blue');
  await page.getByRole('img', { name: /^Connections: 7 now/u }).waitFor();
});
