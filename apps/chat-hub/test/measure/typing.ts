import { connectHub } from '@parley/hub-client';
import { atMost, openMeasuredHub, type OpenMeasurement } from './measurement.ts';

const senders = 10;
const perSecond = 1_000;
const tickMs = 20;

/** How long a key waits until the page hears of it, while a thousand messages a second go to other channels. */
export const typing: OpenMeasurement = async (quick) => {
  const keys = quick ? 30 : 300;
  const hub = await openMeasuredHub();
  const quiet = await hub.channel('quiet');
  const loud = await Promise.all(
    Array.from({ length: senders }, async (_, nth) => {
      const agent = await hub.workspace.add(`sender-${nth}`);
      const channelId = await hub.channel(`loud-${nth}`, [agent.id]);
      const client = connectHub({ url: hub.url, token: agent.token, keep: 10 });
      await client.ready;
      return { client, channelId };
    }),
  );
  const page = await hub.look(quiet);
  await page.evaluate(observe);
  let sent = 0;
  return {
    async measure() {
      const box = page.getByRole('textbox', { name: /^Message/u });
      await box.click();
      const [before, from] = [sent, performance.now()];
      let due = 0;
      const timer = setInterval(() => {
        for (; due < ((performance.now() - from) * perSecond) / 1_000; due += 1) {
          const { client, channelId } = loud[due % senders] ?? {};
          if (client === undefined || channelId === undefined) continue;
          client.send(channelId, { content: `Message ${due} of many` }).message.then(
            () => (sent += 1),
            () => {},
          );
        }
      }, tickMs);
      await box.pressSequentially('abcdefghij'.repeat(Math.ceil(keys / 10)).slice(0, keys), { delay: 60 });
      clearInterval(timer);
      const seconds = (performance.now() - from) / 1_000;
      const waited = await page.evaluate<number[]>('window.waited.splice(0)');
      await box.fill('');
      return {
        value: atMost(0.95, waited),
        p50: atMost(0.5, waited),
        max: atMost(1, waited),
        keys: waited.length,
        messagesPerSecond: (sent - before) / seconds,
      };
    },
    async [Symbol.asyncDispose]() {
      for (const { client } of loud) client.close();
      await hub[Symbol.asyncDispose]();
    },
  };
};

/** A key has the moment at which the browser was told of it. */
const observe = `
  window.waited = [];
  addEventListener('keydown', ({ timeStamp }) => window.waited.push(performance.now() - timeStamp), true);
  undefined;
`;
