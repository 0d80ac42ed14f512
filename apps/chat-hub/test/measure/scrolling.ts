import { importLines } from '@parley/hub-client/admin';
import type { MeasuredHub, OpenMeasurement } from './measurement.ts';
import { openMeasuredHub } from './measurement.ts';

const perCall = 2_000;
const stepsPerLook = 10;
const mostMs = 1_200_000;
const source = 'measure';

/** Faster than a page key that is held down, or a finger that lets go: at sixty pictures a second 24,000 pixels. */
export const scrolling: OpenMeasurement = (quick) => through(quick, 400);

/** As fast as nobody reads, and as the bar is pulled: almost two screens with each picture. */
export const racing: OpenMeasurement = (quick) => through(quick, 1_500);

/** Through a long channel, from its end to its beginning, so many pixels with each picture. */
async function through(quick: boolean, stepPixels: number): ReturnType<OpenMeasurement> {
  const count = quick ? 2_000 : 50_000;
  const hub = await openMeasuredHub();
  const channelId = await fill(hub, count);
  return {
    async measure() {
      const page = await hub.look(channelId);
      await page.getByText(`Message ${count} `).first().waitFor();
      await page.evaluate(observe);
      await page.getByRole('log').first().hover();
      const first = page.getByText('Message 1 ', { exact: false }).and(page.getByText(/^Message 1 /u));
      const client = await page.context().newCDPSession(page);
      await client.send('Performance.enable', { timeDomain: 'threadTicks' });
      const busy = async (): Promise<number> => {
        const { metrics } = await client.send('Performance.getMetrics');
        return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
      };
      const [from, busyBefore] = [performance.now(), await busy()];
      const isLate = (): boolean => performance.now() - from > mostMs;
      let steps = 0;
      while ((await first.count()) === 0 && !isLate())
        // To look for the beginning takes the page longer than a step.
        for (let nth = 0; nth < stepsPerLook; nth += 1, steps += 1) {
          await page.mouse.wheel(0, -stepPixels);
          // As long as a picture takes: what was asked for is drawn.
          await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => resolve()))');
        }
      const busyPerStepMs = ((await busy()) - busyBefore) / steps;
      const seen = await page.evaluate<{ tasks: number[]; rows: number }>('window.measured');
      const { tasks, rows } = seen;
      const seconds = (performance.now() - from) / 1_000;
      const reached = await first.count();
      await page.context().close();
      if (reached === 0) throw new Error('the beginning was not reached');
      return { value: tasks.length, longestMs: Math.max(0, ...tasks), rows, busyPerStepMs, seconds };
    },
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

/** Tasks above 50 ms, and how many messages are in the document at most. */
const observe = `
  window.measured = { tasks: [], rows: 0 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.measured.tasks.push(duration);
  }).observe({ type: 'longtask' });
  new MutationObserver(() => {
    const rows = document.querySelectorAll('[data-message]').length;
    if (rows > window.measured.rows) window.measured.rows = rows;
  }).observe(document.body, { childList: true, subtree: true });
  undefined;
`;

async function fill({ url, workspace, owner }: MeasuredHub, count: number): Promise<string> {
  const now = Date.now();
  const user = { id: 'ann', kind: 'agent', handle: 'annals', displayName: 'Annals' };
  const viewer = { id: 'viewer', kind: 'person', handle: 'viewer', displayName: 'viewer' };
  const channel = { id: 'long', kind: 'private', name: 'long' };
  const members = ['ann', 'viewer'].map((userId) => ({ member: { channelId: 'long', userId } }));
  const lines: object[] = [{ user }, { user: viewer }, { channel }, ...members];
  for (let nth = 1; nth <= count; nth += 1) {
    const content = `Message ${nth} ${'of a long channel, '.repeat(nth % 7)}${nth % 11 === 0 ? '\n\n- with\n- a list' : ''}`;
    const timestamp = now - (count - nth) * 60_000;
    lines.push({ message: { id: String(nth), channelId: 'long', senderId: 'ann', content, timestamp } });
  }
  for (let at = 0; at < lines.length; at += perCall) {
    const text = lines
      .slice(at, at + perCall)
      .map((line) => JSON.stringify(line))
      .join('\n');
    const { refused } = await importLines({ url, token: workspace.owner.token, source, lines: text });
    if (refused.length > 0) throw new Error(refused[0]?.reason);
  }
  const { items } = await owner.call('listChannels', { query: { query: 'long', limit: 1 } });
  return items[0]?.id ?? '';
}
