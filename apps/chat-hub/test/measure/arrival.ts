import { connectHub } from '@parley/hub-client';
import { atMost, openMeasuredHub, type OpenMeasurement } from './measurement.ts';

const pauseMs = 50;

/** From somebody's sending to another's screen: the frame in which it is drawn has begun. */
export const arrival: OpenMeasurement = async (quick) => {
  const count = quick ? 20 : 200;
  const hub = await openMeasuredHub();
  const agent = await hub.workspace.add('sender');
  const channelId = await hub.channel('plans', [agent.id]);
  const sender = connectHub({ url: hub.url, token: agent.token });
  await sender.ready;
  const page = await hub.look(channelId);
  await page.evaluate(observe);
  let round = 0;
  return {
    async measure() {
      round += 1;
      for (let nth = 0; nth < count; nth += 1) {
        await sender.send(channelId, { content: `sent-${round}-${nth}-at-${Date.now()}` }).message;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      await page
        .getByText(`sent-${round}-${count - 1}-at-`)
        .first()
        .waitFor();
      const took = await page.evaluate<number[]>('window.arrived.splice(0)');
      return { value: atMost(0.95, took), p50: atMost(0.5, took), max: atMost(1, took), seen: took.length };
    },
    async [Symbol.asyncDispose]() {
      sender.close();
      await hub[Symbol.asyncDispose]();
    },
  };
};

/** Both clocks are that of the machine. */
const observe = `
  window.arrived = [];
  const known = new Set();
  new MutationObserver(() => {
    const rows = [...document.querySelectorAll('[data-message]')].slice(-5);
    for (const row of rows) {
      const [text, at] = /sent-\\d+-\\d+-at-(\\d+)/.exec(row.textContent) ?? [];
      if (text === undefined || known.has(text)) continue;
      known.add(text);
      requestAnimationFrame(() => window.arrived.push(Date.now() - Number(at)));
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
  undefined;
`;
