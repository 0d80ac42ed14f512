import { setTimeout as sleep } from 'node:timers/promises';
import { machineMs } from '../presence/machine-clock.ts';
import { ownCpuSeconds } from '../../src/cpu.ts';
import { Delays } from './delays.ts';
import { dialectOf } from './dialects.ts';
import type { Dialect } from './dialects.ts';
import { FrameReader } from './frame-reader.ts';
import type { Read } from './frame-reader.ts';
import type { ConnectPlan, RunPlan, RunReport } from './generator-orders.ts';
import { openLeanClient } from './lean-client.ts';
import type { ClientOptions, FanoutClient } from './lean-client.ts';
import { Ledger } from './ledger.ts';
import { contentOf } from './mark.ts';

/** A subject that keeps up with the rate has delivered everything so long after the last message was due. */
const graceMs = 100;

/** What comes too often must have the time to come. */
const settleMs = 50;

/** One run as this process sees it. */
interface Account {
  readonly plan: RunPlan;
  readonly ledgers: readonly Ledger[];
  readonly delays: Delays;
  readonly lateness: Delays;
  inTime: number;
  sent: number;
  acked: number;
  frames: number;
  bytes: number;
}

/** One process of the generator: some of the clients, what they say in their turns and what they are given. */
export class GeneratorWorker {
  readonly #plan: ConnectPlan;
  readonly #dialect: Dialect;
  readonly #members: readonly number[];
  readonly #clients = new Map<number, FanoutClient>();
  readonly #reader: FrameReader;
  #account: Account | undefined;
  #fault: Error | undefined;

  constructor(plan: ConnectPlan) {
    this.#plan = plan;
    this.#dialect = dialectOf(plan.speech);
    this.#reader = new FrameReader(this.#dialect.isMessage);
    this.#members = Array.from({ length: plan.members }, (_, i) => i).filter(
      (member) => member % plan.workers === plan.worker,
    );
  }

  async connect(): Promise<void> {
    await Promise.all(
      this.#members.map(async (member, place) => {
        const options: ClientOptions = {
          url: this.#plan.url,
          member,
          onRead: (read, bytes) => this.#take(place, read, bytes),
          onFault: (error) => (this.#fault ??= error),
        };
        this.#clients.set(member, await this.#open(options));
      }),
    );
  }

  /** Says what is due in its time; resolves when everybody here has everything, or is not going to. */
  async run(plan: RunPlan): Promise<RunReport> {
    const account: Account = {
      plan,
      ledgers: this.#members.map(() => new Ledger(plan.messages, this.#plan.members)),
      delays: new Delays(),
      lateness: new Delays(),
      inTime: 0,
      sent: 0,
      acked: 0,
      frames: 0,
      bytes: 0,
    };
    this.#account = account;
    const cpu = ownCpuSeconds();
    const begun = machineMs();
    await this.#send(account);
    const end = dueOf(plan, plan.messages - 1) + plan.drainMs;
    while (!isComplete(account, this.#dialect) && machineMs() < end) await this.#pause();
    const busy = (ownCpuSeconds() - cpu) / ((machineMs() - begun) / 1_000);
    await this.#pause(settleMs);
    return this.#report(account, busy);
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  async #open(options: ClientOptions): Promise<FanoutClient> {
    if (!this.#plan.ownClients) return openLeanClient(options, this.#dialect, this.#reader);
    const { openOwnClient } = await import('./own-client.ts');
    return openOwnClient(options);
  }

  async #send(account: Account): Promise<void> {
    const { plan, lateness } = account;
    const { run, messages, length } = plan;
    for (let number = 0; number < messages; number++) {
      const client = this.#clients.get(number % this.#plan.members);
      // Somebody of another process says it.
      if (client === undefined) continue;
      const due = dueOf(plan, number);
      for (let early = due - machineMs(); early > 0; early = due - machineMs()) await this.#pause(early);
      lateness.record(machineMs() - due);
      client.say(contentOf({ run, number }, length));
      account.sent += 1;
      // However late it is, what has come is taken in between.
      if (account.sent % 32 === 0) await this.#pause(0);
    }
  }

  async #pause(ms = 5): Promise<void> {
    await sleep(ms);
    if (this.#fault !== undefined) throw this.#fault;
  }

  #take(place: number, { marks, others }: Read, bytes: number): void {
    const account = this.#account;
    if (account === undefined) return;
    if (this.#dialect.isAck !== undefined)
      for (const line of others) if (this.#dialect.isAck(line)) account.acked += 1;
    const ledger = account.ledgers[place];
    if (marks.length === 0 || ledger === undefined) return;
    account.frames += 1;
    account.bytes += bytes;
    const { plan } = account;
    const now = machineMs();
    const inTimeUntil = dueOf(plan, plan.messages - 1) + graceMs;
    for (const { run, number } of marks) {
      if (run !== plan.run || number >= plan.messages) ledger.stray();
      else if (ledger.take(number)) {
        account.delays.record(now - dueOf(plan, number));
        if (now <= inTimeUntil) account.inTime += 1;
      }
    }
  }

  #report({ ledgers, delays, lateness, ...counts }: Account, busy: number): RunReport {
    const { inTime, sent, acked, frames, bytes } = counts;
    return {
      inTime,
      sent,
      acked,
      frames,
      bytes,
      delays: delays.sparse(),
      lateness: lateness.sparse(),
      totals: ledgers.map((ledger) => ledger.totals()),
      busy,
    };
  }
}

function dueOf({ from, perSecond }: RunPlan, number: number): number {
  return from + (number * 1_000) / perSecond;
}

function isComplete({ ledgers, sent, acked }: Account, { isAck }: Dialect): boolean {
  return ledgers.every(({ complete }) => complete) && (isAck === undefined || acked >= sent);
}
