import { connectHub } from '@parley/hub-client';
import { atMost, openMeasuredHub, type MeasuredHub, type OpenMeasurement } from './measurement.ts';

const senders = 10;
/** In each channel a client has one message under way at a time: a rate needs many. */
const channelsEach = 6;
const perSecond = 1_000;
const mostUnderWay = 600;
const tickMs = 20;
/** However slow the page is, what it is asked is measured. */
const longMs = 300_000;

/** How long a key waits until the page hears of it, while a thousand messages a second go to other channels. */
export const typing: OpenMeasurement = async (quick) => {
  const keys = quick ? 30 : 300;
  const hub = await openMeasuredHub();
  const quiet = await hub.channel('quiet');
  const loud: Sender[] = [];
  for (let nth = 0; nth < senders; nth += 1) loud.push(await openSender(hub, nth));
  const page = await hub.look(quiet);
  await page.evaluate(observe);
  // Nobody else has to hear all of it.
  hub.owner.close();
  return {
    async measure() {
      const box = page.getByRole('textbox', { name: /^Message/u });
      await box.click();
      const from = performance.now();
      const sending: Promise<unknown>[] = [];
      let sent = 0;
      const timer = setInterval(() => {
        const due = ((performance.now() - from) * perSecond) / 1_000;
        while (sending.length < due && sending.length - sent < mostUnderWay) {
          const nth = sending.length;
          const said = loud[nth % senders]?.say(Math.floor(nth / senders), `Message ${nth} of many`);
          sending.push(Promise.resolve(said).then(() => (sent += 1)));
        }
      }, tickMs);
      await box.pressSequentially('abcdefghij'.repeat(Math.ceil(keys / 10)).slice(0, keys), {
        delay: 60,
        timeout: longMs,
      });
      clearInterval(timer);
      const messagesPerSecond = (sent * 1_000) / (performance.now() - from);
      const waited = await page.evaluate<number[]>('window.waited.splice(0)');
      await Promise.all(sending);
      await box.fill('');
      return {
        value: atMost(0.95, waited),
        p50: atMost(0.5, waited),
        max: atMost(1, waited),
        keys: waited.length,
        messagesPerSecond,
      };
    },
    async [Symbol.asyncDispose]() {
      for (const { close } of loud) close();
      await hub[Symbol.asyncDispose]();
    },
  };
};

interface Sender {
  readonly say: (nth: number, content: string) => Promise<unknown>;
  readonly close: () => void;
}

async function openSender(hub: MeasuredHub, nth: number): Promise<Sender> {
  const agent = await hub.workspace.add(`sender-${nth}`);
  const channels: string[] = [];
  while (channels.length < channelsEach)
    channels.push(await hub.channel(`loud-${nth}-${channels.length}`, [agent.id]));
  const client = connectHub({ url: hub.url, token: agent.token, keep: 10 });
  await client.ready;
  return {
    say: (at, content) => client.send(channels[at % channelsEach] ?? '', { content }).message,
    close: () => client.close(),
  };
}

/** A key has the moment at which the browser was told of it. */
const observe = `
  window.waited = [];
  addEventListener('keydown', ({ timeStamp }) => window.waited.push(performance.now() - timeStamp), true);
  undefined;
`;
