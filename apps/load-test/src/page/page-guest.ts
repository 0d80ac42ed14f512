import { startChromium, until, type CDPSession, type Page } from '@parley/services';
import { markerOf } from '../generator/content.ts';
import { machineNow } from '../measure/clock.ts';
import type { Guest } from '../profiles/profile.ts';
import { readLog } from '../run/read-log.ts';
import type { Target } from '../target/target.ts';
import type { Populated } from '../target/workspace.ts';
import { pageTotals } from './page-ledger.ts';
import { scrollBack } from './scroll-back.ts';
import { addViewer } from './viewer.ts';
import { testimony, witness, type Testimony } from './witness.ts';

export interface PageGuestOptions {
  readonly target: Target;
  readonly populated: Populated;
  readonly run: string;
  /** Which channel is looked at, and which others its viewer is in. */
  readonly place: number;
  readonly others: readonly number[];
}

const words = 'this is typed as people type ';
const keyEveryMs = 60;
const longestDraft = 200;
const drawnWithinMs = 20_000;

/** A person before a page of the hub, in a real browser, who types while others talk. */
export async function openPageGuest(options: PageGuestOptions): Promise<Guest> {
  const { target, populated, run, place, others } = options;
  const { api, ground } = target;
  const [url = ''] = target.urls;
  const marker = markerOf(run);
  const channelId = populated.channels[place]?.id ?? '';
  const viewer = await addViewer(
    api,
    run,
    [place, ...others].flatMap((one) => populated.channels[one] ?? []),
  );
  const browser = await startChromium();
  const end = async (): Promise<void> => {
    await browser.close();
    if (ground === 'foreign') await api.ask('DELETE', `/users/${viewer.id}`);
  };
  try {
    const pid = await pidOf(await browser.newBrowserCDPSession());
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const answer = await context.request.post(`${url}/api/v1/session`, {
      data: { handle: viewer.handle, password: viewer.password },
      headers: { origin: url },
    });
    if (!answer.ok()) throw new Error(`the viewer could not sign in: ${await answer.text()}`);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${url}/#/c/${channelId}`);
    const box = page.getByRole('textbox', { name: /^Message/u });
    await box.waitFor();
    await page.evaluate(witness(run));
    const devTools = await context.newCDPSession(page);
    await devTools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const before = await look(devTools);
    const offset = await clockOffset(page);
    let measured = { from: 0, until: 0, busy: 0 };
    return {
      measured: pid === undefined ? [] : [{ name: 'chromium', role: 'browser', pid: () => pid }],
      async stay(from, until) {
        await box.click();
        let typed = 0;
        let busyBefore: number | undefined;
        for (let nth = 0; machineNow() < until; nth += 1) {
          if (busyBefore === undefined && machineNow() >= from) {
            busyBefore = (await look(devTools)).busySeconds;
            // What was typed until now is not timed.
            await page.evaluate(
              'parleyWitness.keys.length = parleyWitness.keysPainted.length = parleyWitness.tasks.length = 0',
            );
          }
          await box.pressSequentially(words[nth % words.length] ?? '', { delay: keyEveryMs });
          typed += 1;
          if (typed % longestDraft === 0) await box.fill('');
        }
        await box.fill('');
        const busy = (await look(devTools)).busySeconds - (busyBefore ?? 0);
        measured = { from, until, busy: busy / ((machineNow() - from) / 1_000) };
      },
      async tell() {
        const log = (await readLog(api, { channelId, marker, after: 0 })).filter(({ number }) => number > 0);
        const heard = (): Promise<Testimony> => page.evaluate<Testimony>(testimony);
        // What is on its way comes yet.
        await until(async () => (await heard()).painted.length >= log.length, {
          what: 'the page has shown everything',
          deadline: drawnWithinMs,
          every: 200,
        }).catch(() => undefined);
        const told = await heard();
        const count = told.painted.length;
        // Many that come at once push each other out of view before they are drawn: they are there, for who looks.
        if (count > 0 && count < log.length)
          await scrollBack(page, async () => (await heard()).painted.length >= log.length);
        const totals = pageTotals(await heard(), log);
        const after = await look(devTools);
        return {
          metrics: {
            ...Object.fromEntries(Object.entries(totals).map(([name, count]) => [`page.${name}`, count])),
            'page.passedOver': totals.shown - count,
            'page.rows': told.rows,
            'page.nodes': after.nodes,
            'page.longTasks': told.tasks.length,
            'page.longestTaskMs': Math.max(0, ...told.tasks),
            'page.busy': measured.busy,
            'page.heapMB': after.heapMB,
            'page.heapGrowthMB': after.heapMB - before.heapMB,
            'page.errors': complaints.length,
          },
          times: {
            painted: told.painted
              .filter(([, , due]) => due >= measured.from && due < measured.until)
              .map(([, , due, at]) => at + offset - due),
            key: told.keys,
            keyPainted: told.keysPainted,
          },
          problems: complaints,
        };
      },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function pidOf(session: CDPSession): Promise<number | undefined> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.find(({ type }) => type === 'browser')?.id;
}

interface Look {
  readonly heapMB: number;
  readonly nodes: number;
  readonly busySeconds: number;
}

/** What is in use: garbage does not count. */
async function look(devTools: CDPSession): Promise<Look> {
  await devTools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devTools.send('Performance.getMetrics');
  const of = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? 0;
  return { heapMB: of('JSHeapUsedSize') / 1e6, nodes: of('Nodes'), busySeconds: of('TaskDuration') };
}

/** What is to be added to the page's clock to have that of the machine: what took the shortest to ask is known best. */
async function clockOffset(page: Page): Promise<number> {
  let best = { took: Infinity, offset: 0 };
  for (let i = 0; i < 20; i += 1) {
    const asked = machineNow();
    const there = await page.evaluate<number>('performance.now()');
    const took = machineNow() - asked;
    if (took < best.took) best = { took, offset: asked + took / 2 - there };
  }
  return best.offset;
}
