import { virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, test } from 'vitest';
import { LogEpoch } from '../../src/live/epoch.ts';

const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

async function setUp() {
  const state = { server: 'a', epoch: 'one', asked: 0, begun: [] as string[], onAsk: () => {} };
  const epoch = await LogEpoch.open(
    {
      server: () => state.server,
      async ask() {
        state.asked += 1;
        const answer = state.epoch;
        state.onAsk();
        return answer;
      },
      async begin(known) {
        state.begun.push(known);
        if (known === state.epoch) state.epoch = 'begun';
      },
    },
    virtualClock(),
  );
  const changes: string[] = [];
  epoch.onChange((now) => changes.push(now));
  return { state, epoch, changes };
}

describe('the epoch', () => {
  test('is certain until another server answers, and again when that one was asked', async () => {
    const { state, epoch, changes } = await setUp();
    expect(epoch.certain).toBe(true);
    state.server = 'b';
    expect(epoch.certain).toBe(false);
    expect(await epoch.refresh()).toBe(false);
    expect(epoch.certain).toBe(true);
    expect(changes).toEqual([]);
  });

  test('is confirmed for nothing while it is certain, and refused when it has become another one', async () => {
    const { state, epoch, changes } = await setUp();
    const { asked } = state;
    await epoch.confirm('one');
    expect(state.asked).toBe(asked);
    state.server = 'b';
    state.epoch = 'two';
    await expect(epoch.confirm('one')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(epoch.confirm('one')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await epoch.confirm('two');
    expect(changes).toEqual(['two']);
  });

  test('is asked for once more when a server took over meanwhile', async () => {
    const { state, epoch } = await setUp();
    state.onAsk = () => {
      state.onAsk = () => {};
      state.server = 'b';
      state.epoch = 'two';
    };
    await epoch.refresh();
    expect(epoch.current).toBe('two');
    expect(epoch.certain).toBe(true);
  });

  test('of another server is not what somebody is asking the last one at this moment', async () => {
    const state = { server: 'a', answers: new Map<string, (epoch: string) => void>() };
    const ask = (): Promise<string> =>
      new Promise((resolve) => void state.answers.set(state.server, resolve));
    const opening = LogEpoch.open({ server: () => state.server, ask }, virtualClock());
    await settled();
    state.answers.get('a')?.('one');
    const epoch = await opening;
    const early = epoch.refresh();
    await settled();
    state.server = 'b';
    const late = epoch.refresh();
    await settled();
    state.answers.get('b')?.('two');
    await late;
    expect(epoch.current).toBe('two');
    state.answers.get('a')?.('one');
    // Which is of no use: it asks once more.
    await settled();
    state.answers.get('b')?.('two');
    await early;
    expect(epoch.current).toBe('two');
  });

  test('of another server that says the same is another one when what was told is not in its logs', async () => {
    const { state, epoch, changes } = await setUp();
    const answers = { altered: true, asked: 0 };
    epoch.compareBy(async () => {
      answers.asked += 1;
      return answers.altered;
    });
    await epoch.refresh();
    expect(answers.asked).toBe(0);
    state.server = 'b';
    await expect(epoch.confirm('one')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(changes).toEqual(['begun']);
    expect(state.begun).toEqual(['one']);
    answers.altered = false;
    state.server = 'c';
    await epoch.confirm('begun');
    expect(changes).toEqual(['begun']);
    expect(answers.asked).toBe(2);
  });

  test('that was lost is replaced, once for all who find out', async () => {
    const { state, epoch } = await setUp();
    const other = await LogEpoch.open(
      { ask: async () => state.epoch, begin: async (known) => void state.begun.push(known) },
      virtualClock(),
    );
    await epoch.begin();
    expect(epoch.current).toBe('begun');
    await other.begin();
    expect(other.current).toBe('begun');
    expect(state.begun).toEqual(['one', 'one']);
  });
});
