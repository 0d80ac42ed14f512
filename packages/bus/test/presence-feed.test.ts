import { busFeed, defineTopic } from '@parley/bus';
import { StoreUnavailable, type VirtualClock } from '@parley/cache-core/kernel';
import { expect, test } from 'vitest';
import { failureOf, stage, text } from './support.ts';

const inTime = async (clock: VirtualClock, check: () => boolean): Promise<void> => {
  for (let i = 0; i < 500 && !check(); i++) await clock.advance(10);
  expect(check()).toBe(true);
};

/** What one who follows is told. */
function listening() {
  const told: string[] = [];
  return {
    told,
    notice: (body: string) => void told.push(body),
    hearing: (hears: boolean) => void told.push(hears ? 'hears' : 'hears nothing'),
  };
}

test('everybody who follows a channel hears its notices in their order, and nobody those of another', async () => {
  const { clock, bus } = stage();
  const [one, two, other] = [listening(), listening(), listening()];
  busFeed(bus).follow('c:a', one);
  busFeed(bus).follow('c:a', two);
  busFeed(bus).follow('c:b', other);
  await inTime(clock, () => [one, two, other].every(({ told }) => told.length === 1));
  const bodies = Array.from({ length: 50 }, (_, i) => `notice ${i}`);
  const sent = busFeed(bus).send(bodies.map((body) => ({ channel: 'c:a', body })));
  await inTime(clock, () => two.told.length > 50);
  await sent;
  expect([one.told, two.told, other.told]).toEqual([['hears', ...bodies], ['hears', ...bodies], ['hears']]);
  await bus.close({ within: 0 });
});

test('feeds of two topics on one bus do not hear each other', async () => {
  const { clock, bus } = stage();
  const [mine, theirs] = [listening(), listening()];
  busFeed(bus).follow('c', mine);
  busFeed(bus, { topic: 'others' }).follow('c', theirs);
  await inTime(clock, () => mine.told.length + theirs.told.length === 2);
  await busFeed(bus).send([{ channel: 'c', body: 'x' }]);
  await inTime(clock, () => mine.told.length === 2);
  expect(theirs.told).toEqual(['hears']);
  await bus.close({ within: 0 });
});

test('it is told whether it hears when that changes, also by the end of the bus', async () => {
  const { clock, broker, bus } = stage((good) => {
    let lose: ((reason: string) => void) | undefined;
    return {
      ...good,
      send: async (signals, call) => {
        if (signals.some(({ body }) => body.includes('lose'))) lose?.('it was cut');
        else await good.send(signals, call);
      },
      open: (listener) => {
        lose = (reason) => listener.lost('channel', ['presence.notices:c'], reason);
        return good.open(listener);
      },
    };
  });
  expect(broker.name).toBe('memory');
  const one = listening();
  busFeed(bus).follow('c', one);
  await inTime(clock, () => one.told.length === 1);
  void busFeed(bus).send([{ channel: 'c', body: 'lose' }]);
  await inTime(clock, () => one.told.length === 3);
  expect(one.told).toEqual(['hears', 'hears nothing', 'hears']);
  await bus.close({ within: 0 });
  expect(one.told.slice(3)).toEqual(['hears nothing']);
});

test('who has closed is told nothing any more, not even that', async () => {
  const { clock, bus } = stage();
  const [gone, here] = [listening(), listening()];
  const following = busFeed(bus).follow('c', gone);
  busFeed(bus).follow('c', here);
  await inTime(clock, () => gone.told.length + here.told.length === 2);
  following.close();
  following.close();
  await busFeed(bus).send([{ channel: 'c', body: 'x' }]);
  await inTime(clock, () => here.told.length === 2);
  expect(gone.told).toEqual(['hears']);
  await bus.close({ within: 0 });
});

test('a notice that could not be sent is told to who sent it', async () => {
  const { clock, bus } = stage({ send: () => Promise.reject(new StoreUnavailable('away')) });
  const failed = failureOf(busFeed(bus).send([{ channel: 'c', body: 'x' }]));
  await clock.advance(10_000);
  expect(await failed).toBe('STORE_UNAVAILABLE');
  await bus.close({ within: 0 });
});

test('one that is refused keeps no other from being sent', async () => {
  const { clock, bus } = stage();
  const here = listening();
  busFeed(bus).follow('c', here);
  await inTime(clock, () => here.told.length === 1);
  const sending = failureOf(busFeed(bus).send(['', 'c'].map((channel) => ({ channel, body: 'x' }))));
  await inTime(clock, () => here.told.length === 2);
  expect(await sending).toBe('INVALID_ARGUMENT channel');
  await bus.close({ within: 0 });
});

test('what others of the topic send and is no notice is not handed over', async () => {
  const { clock, bus, broker } = stage();
  const here = listening();
  busFeed(bus).follow('c', here);
  await inTime(clock, () => here.told.length === 1);
  await broker.send([{ channel: 'presence.notices:c', body: '{"not":"ours"}', wide: false }]);
  await busFeed(bus).send([{ channel: 'c', body: 'ours' }]);
  await inTime(clock, () => here.told.length === 2);
  expect(here.told).toEqual(['hears', 'ours']);
  await bus.close({ within: 0 });
});

test('the name of the topic is taken: another topic of it is refused', async () => {
  const { bus } = stage();
  busFeed(bus).follow('c', listening());
  const other = defineTopic('presence.notices', { class: 'ephemeral', schema: text });
  expect(await failureOf(() => bus.publish(other, 'x'))).toBe('INVALID_ARGUMENT topic');
  await bus.close({ within: 0 });
});
