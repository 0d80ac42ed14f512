import { until } from '@parley/services';
import { expect, it } from 'vitest';
import type { Outcome, WorkPlan } from '../../src/generator/protocol.ts';
import { Worker } from '../../src/generator/worker.ts';
import { machineNow } from '../../src/measure/clock.ts';
import { audit } from '../../src/run/audit.ts';
import { startLyingHub, type LyingHubOptions } from '../support/lying-hub.ts';

const agents = 3;
const messages = 20;
/** How long is waited for what is missing. Where nothing is, nobody waits. */
const patienceMs = 3_000;

function planFor(url: string): WorkPlan {
  return {
    run: 'abcdef',
    worker: 0,
    workers: 1,
    seed: 1,
    urls: [url],
    channels: [{ id: 'c-1', weight: 1 }],
    agents: Array.from({ length: agents }, (_, index) => ({
      index,
      userId: `u-${index}`,
      token: `t-${index}`,
      channels: [0],
      watches: [],
      mute: false,
    })),
    traffic: { messages: 200, reactions: 0, typing: 0, presence: 0, length: [50, 60] },
  };
}

interface Ran extends Outcome {
  readonly acked: number;
  readonly unanswered: number;
  readonly acknowledgedLost: number;
}

async function run(options: LyingHubOptions, meanwhile?: (worker: Worker) => void): Promise<Ran> {
  await using hub = await startLyingHub(options);
  const worker = new Worker(planFor(hub.url), { answersWithinMs: patienceMs });
  try {
    await worker.connect();
    const from = machineNow();
    const running = worker.run({ from, measureFrom: from, until: from + (messages / 200) * 1_000 });
    meanwhile?.(worker);
    const { acked, unanswered } = await running;
    await until(() => hub.connections === agents, { what: 'all are connected' });
    const outcome = await worker.settle([messages], patienceMs);
    const { acknowledgedLost } = audit([acked], [outcome.records]);
    return { ...outcome, acked: acked.length / 3, unanswered, acknowledgedLost };
  } finally {
    worker.end();
  }
}

it('nothing is found where nothing is wrong, and everything is timed', async () => {
  const { totals, problems, interval, acked, acknowledgedLost } = await run({});
  expect(totals).toEqual({ delivered: agents * messages, lost: 0, doubled: 0, disordered: 0, told: 0 });
  expect({ problems, acked, acknowledgedLost }).toEqual({
    problems: [],
    acked: messages,
    acknowledgedLost: 0,
  });
  expect(interval.counts).toMatchObject({ sent: messages, acked: messages, altered: 0, connections: agents });
  const deliveries = interval.meters.delivery?.filter((_, i) => i % 2 === 1) ?? [];
  expect(deliveries.reduce((sum, count) => sum + count, 0)).toBe(agents * messages);
});

it('an event that one receiver never gets is lost, in the middle and at the end', async () => {
  const lost = new Set([5, messages]);
  const { totals, problems } = await run({
    mischief: (event, receiver) => (receiver === 't-1' && lost.has(event.seq) ? [] : [event]),
  });
  expect(totals).toMatchObject({ lost: 2, doubled: 0, disordered: 0 });
  expect(problems).toEqual(['agent 1 in c-1: 2 lost, 0 doubled, 0 out of order']);
});

it('an event that comes twice, or behind a later one, is found', async () => {
  let late: { seq: number; content: string } | undefined;
  const { totals } = await run({
    mischief: (event, receiver) => {
      if (receiver === 't-0' && event.seq === 4) return [event, event];
      if (receiver !== 't-2') return [event];
      if (event.seq === 7) {
        late = event;
        return [];
      }
      return event.seq === 8 && late !== undefined ? [event, late] : [event];
    },
  });
  expect(totals).toMatchObject({ lost: 0, doubled: 1, disordered: 1 });
});

it('a message that is shown to one receiver as another one is found', async () => {
  let first = '';
  const { interval } = await run({
    mischief: (event, receiver) => {
      if (event.seq === 1) first = event.content;
      return receiver === 't-2' && event.seq === 6 ? [{ ...event, content: first }] : [event];
    },
  });
  expect(interval.counts.altered).toBe(1);
});

it('a message that was acknowledged and shown to nobody is found', async () => {
  const { acknowledgedLost, totals } = await run({ mischief: (event) => (event.seq === 3 ? [] : [event]) });
  expect(acknowledgedLost).toBe(1);
  expect(totals.lost).toBe(agents);
});

it('what is not answered is counted, and what is refused for good is told by its code', async () => {
  const silent = await run({ acknowledges: (seq) => seq !== 2 });
  expect(silent).toMatchObject({ acked: messages - 1, unanswered: 1 });
  let refused = false;
  const forbidden = await run({
    acknowledges: () => {
      if (refused) return true;
      refused = true;
      return { code: 'FORBIDDEN', retryable: false };
    },
  });
  expect(forbidden).toMatchObject({ acked: messages - 1, unanswered: 0, refusals: { FORBIDDEN: 1 } });
});

it('what is refused for now is sent again, and counts once', async () => {
  let refusals = 3;
  const {
    totals,
    acked,
    interval,
    refusals: told,
  } = await run({
    acknowledges: () =>
      (refusals -= 1) >= 0 ? { code: 'UNAVAILABLE', retryable: true, retryAfter: 50 } : true,
  });
  expect({ acked, told }).toEqual({ acked: messages, told: {} });
  expect(interval.counts.resent).toBe(3);
  expect(totals).toMatchObject({ lost: 0, doubled: 0 });
});

it('whoever is cut off comes back, is given what was missed, and says again what was not answered', async () => {
  const { totals, acked, interval } = await run({}, (worker) => worker.cut([0, 1, 2]));
  expect(acked).toBe(messages);
  expect(totals).toMatchObject({ delivered: agents * messages, lost: 0, doubled: 0 });
  expect(interval.counts).toMatchObject({ connections: 2 * agents, lostConnections: 0 });
  expect(interval.meters.reconnect).toBeDefined();
});

it('who is in no channel is connected all the same, and holds up nobody', async () => {
  await using hub = await startLyingHub({});
  const plan = planFor(hub.url);
  const [first, ...others] = plan.agents;
  if (first === undefined) throw new Error('there is an agent');
  const idle = others.map((agent) => ({ ...agent, channels: [] }));
  const worker = new Worker({ ...plan, agents: [first, ...idle] }, { answersWithinMs: patienceMs });
  try {
    await worker.connect();
    expect(hub.connections).toBe(agents);
  } finally {
    worker.end();
  }
});
