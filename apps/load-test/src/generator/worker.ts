import { setTimeout as sleep } from 'node:timers/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { seededRandom } from '@parley/services';
import { machineNow } from '../measure/clock.ts';
import type { BookTotals } from './book.ts';
import { ChannelRecord } from './channel-record.ts';
import { markerOf } from './content.ts';
import { Figures } from './figures.ts';
import { Moments } from './moments.ts';
import type { Interval, Outcome, WorkPlan } from './protocol.ts';
import { FrameReader } from './read-frames.ts';
import { Receiver, type Shared } from './receiver.ts';
import { runSchedule } from './schedule.ts';
import { Talk } from './talk.ts';

const connectingAtOnce = 32;
const standardAnswersMs = 60_000;
const beatMs = 1_000;

export interface WorkerOptions {
  /** How long is waited for answers when everything was said. @default a minute */
  readonly answersWithinMs?: number;
}

export interface Period {
  readonly from: number;
  readonly measureFrom: number;
  readonly until: number;
}

/** One process of the generator: its agents, what they say and what they are given. */
export class Worker {
  readonly #plan: WorkPlan;
  readonly #figures = new Figures();
  readonly #records: readonly ChannelRecord[];
  readonly #receivers: readonly Receiver[];
  readonly #talk: Talk;
  readonly #delay = monitorEventLoopDelay({ resolution: 5 });
  readonly #acked: number[] = [];
  readonly #beat: NodeJS.Timeout;
  readonly #answersMs: number;
  #resumesSince: number | undefined;

  constructor(plan: WorkPlan, { answersWithinMs = standardAnswersMs }: WorkerOptions = {}) {
    this.#answersMs = answersWithinMs;
    this.#plan = plan;
    const marker = markerOf(plan.run);
    const random = seededRandom(plan.seed + plan.worker);
    const moments = new Moments(this.#figures);
    const placeOf = new Map(plan.channels.map(({ id }, place) => [id, place]));
    this.#records = plan.channels.map(() => new ChannelRecord());
    const shared: Shared = {
      urls: plan.urls,
      channels: plan.channels,
      placeOf,
      records: this.#records,
      figures: this.#figures,
      moments,
      reader: new FrameReader(marker),
      random: random.fork(),
      resumesSince: () => this.#resumesSince,
      onAck: ({ number, due }, { channelId, messageId, seq }) => {
        if (number === 0) return this.#figures.time('change', due, machineNow());
        this.#figures.count('acked');
        this.#figures.time('ack', due, machineNow());
        if (channelId === undefined || seq === undefined) return;
        this.#acked.push(placeOf.get(channelId) ?? -1, seq, number);
        if (messageId !== undefined) this.#talk.remember(channelId, messageId);
      },
    };
    this.#receivers = plan.agents.map((agent) => new Receiver(agent, shared));
    this.#talk = new Talk({
      plan,
      receivers: this.#receivers,
      marker,
      figures: this.#figures,
      moments,
      random: random.fork(),
    });
    this.#beat = setInterval(() => {
      const now = machineNow();
      for (const receiver of this.#receivers) receiver.beat(now);
    }, beatMs);
    this.#delay.enable();
  }

  /** Resolves when all are live for the first time. */
  async connect(): Promise<void> {
    const waiting = this.#receivers.values();
    const lane = async (): Promise<void> => {
      for (const receiver of waiting) await receiver.begin();
    };
    await Promise.all(Array.from({ length: connectingAtOnce }, lane));
  }

  /** Says everything in its time; resolves when all of it was answered, or is not going to be. */
  async run({ from, measureFrom, until }: Period): Promise<{ acked: Int32Array; unanswered: number }> {
    const { traffic, workers, worker } = this.#plan;
    const share = (rate: number, call: (nth: number, due: number) => void): Promise<number> => {
      const each = rate / workers;
      // Those of several processes take turns.
      return runSchedule({ rate: each, from: from + (worker * 1_000) / rate, until, call });
    };
    // The mark of a message keeps when it was due in whole microseconds.
    this.#figures.measureFrom = Math.floor(measureFrom);
    if (!this.#talk.silent)
      await Promise.all([
        share(traffic.messages, (nth, due) => {
          this.#figures.time('lateness', due, machineNow());
          this.#talk.message(nth, due);
        }),
        share(traffic.reactions, (_, due) => this.#talk.reaction(due)),
        share(traffic.typing, (_, due) => this.#talk.typing(due)),
        share(traffic.presence, (_, due) => this.#talk.presence(due)),
      ]);
    await sleep(Math.max(0, until - machineNow()));
    const unanswered = (): number => this.#receivers.reduce((sum, { outbox }) => sum + outbox.size, 0);
    const end = machineNow() + this.#answersMs;
    while (unanswered() > 0 && machineNow() < end) await sleep(20);
    return { acked: Int32Array.from(this.#acked), unanswered: unanswered() };
  }

  cut(agents: readonly number[]): void {
    for (const receiver of this.#chosen(agents)) receiver.cut();
  }

  stall(agents: readonly number[], still: boolean): void {
    for (const receiver of this.#chosen(agents)) receiver.stall(still);
  }

  resume(since: number): void {
    this.#resumesSince = since;
  }

  interval(): Interval {
    const pause = this.#delay.max / 1e6;
    this.#delay.reset();
    return { ...this.#figures.take(), live: this.#live, pause: Number.isFinite(pause) ? pause : 0 };
  }

  /** Waits until everybody has everything up to these numbers. */
  async settle(heads: readonly number[], withinMs: number): Promise<Outcome> {
    const behind = (): boolean =>
      this.#receivers.some(({ books }) =>
        [...books].some(([place, book]) => book.last < (heads[place] ?? 0)),
      );
    const end = machineNow() + withinMs;
    while (behind() && machineNow() < end) await sleep(20);
    return {
      totals: this.#totals(heads),
      problems: this.#problems(heads),
      records: this.#records.map((record) => record.numbers()),
      refusals: this.#figures.refusals,
      live: this.#live,
      interval: this.interval(),
    };
  }

  end(): void {
    clearInterval(this.#beat);
    this.#delay.disable();
    for (const receiver of this.#receivers) receiver.close();
  }

  get #live(): number {
    return this.#receivers.filter(({ live }) => live).length;
  }

  #chosen(agents: readonly number[]): Receiver[] {
    const wanted = new Set(agents);
    return this.#receivers.filter(({ plan }) => wanted.has(plan.index));
  }

  #totals(heads: readonly number[]): BookTotals {
    const sum = { delivered: 0, lost: 0, doubled: 0, disordered: 0, told: 0 };
    for (const { books } of this.#receivers)
      for (const [place, book] of books) {
        const totals = book.totals(heads[place] ?? 0);
        for (const key of ['delivered', 'lost', 'doubled', 'disordered', 'told'] as const)
          sum[key] += totals[key];
      }
    return sum;
  }

  #problems(heads: readonly number[]): string[] {
    return this.#receivers.flatMap(({ plan, books }) =>
      Array.from(books, ([place, book]) => ({ place, totals: book.totals(heads[place] ?? 0) }))
        .filter(({ totals }) => totals.lost + totals.doubled + totals.disordered > 0)
        .map(({ place, totals: { lost, doubled, disordered } }) => {
          const channel = this.#plan.channels[place]?.id ?? '';
          return `agent ${plan.index} in ${channel}: ${lost} lost, ${doubled} doubled, ${disordered} out of order`;
        }),
    );
  }
}
