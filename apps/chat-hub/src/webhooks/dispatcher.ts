import type { Bus, Worker, WorkOptions } from '@parley/bus';
import { exponentialBackoff } from '@parley/cache-core/kernel';
import { readCount, readText } from '@parley/runtime';
import { captureEvents } from './capture.ts';
import { sweepWebhooks } from './sweep.ts';
import { turnTopic, type TurnJob } from './topic.ts';
import { takeTurn, type TurnOptions } from './turn.ts';

export interface DispatcherOptions extends Omit<
  TurnOptions,
  'attempts' | 'answerMs' | 'backoff' | 'sliceMs'
> {
  readonly bus: Pick<Bus, 'publish' | 'work'>;
  /** @default 12: for about half an hour */
  readonly attempts?: number | undefined;
  /** @default 10,000 */
  readonly answerMs?: number | undefined;
  /** @default from a second to five minutes, doubling, drawn at random */
  readonly backoff?: TurnOptions['backoff'] | undefined;
  /** @default 5,000 */
  readonly sliceMs?: number | undefined;
  /** For how long a node that died keeps a turn from others. @default that of the bus: 30 s */
  readonly lease?: WorkOptions['lease'];
  /** A turn that no worker was at for so long was lost with its queue. @default 300,000 */
  readonly lostMs?: number | undefined;
  /** How long something waits, behind others or for its address, before it is given up. @default a day */
  readonly waitMs?: number | undefined;
}

/** As many webhooks as are given turns by one statement. */
const full = 100;

/** Tells addresses of others what happens in channels: the log says what, the tables when, a queue who, and any node does it. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #worker: Worker;
  #closed = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const {
      bus,
      attempts = 12,
      answerMs = 10_000,
      sliceMs = 5_000,
      backoff = exponentialBackoff({ baseMs: 1_000, maxMs: 300_000, minMs: 100 }),
      lease,
    } = options;
    const own: TurnOptions = { ...options, attempts, answerMs, sliceMs, backoff };
    this.#worker = bus.work(
      turnTopic,
      async (job) => {
        await takeTurn(job, own);
        await this.#queue();
      },
      {
        concurrency: 10,
        lease,
        // What is given up is told by the tables; a turn only fails with the database.
        attempts: 1_000,
        backoff: exponentialBackoff({ baseMs: 500, maxMs: 10_000, minMs: 100 }),
      },
    );
  }

  /** Makes deliveries of what is new, a bounded part at a time, and tells workers of each part before the next one. */
  async dispatch(): Promise<void> {
    for (let more = true; more;) {
      more = (await captureEvents(this.#options.tables)) && !this.#closed;
      await this.#queue();
    }
  }

  /** Gives up what was in vain, and forgets what is old. */
  async sweep(): Promise<void> {
    const { tables, waitMs = 24 * 3_600_000 } = this.#options;
    await sweepWebhooks({ tables, waitMs, isClosed: () => this.#closed });
  }

  /** Lets those at work end. */
  close(within: number): Promise<void> {
    this.#closed = true;
    return this.#worker.close({ within: within / 1_000 });
  }

  /** Tells workers which webhooks have something to tell. */
  async #queue(): Promise<void> {
    const { tables, lostMs = 300_000 } = this.#options;
    let count = 0;
    do {
      const { rows } = await tables.db.query(tables.statement('webhooks_due'), [lostMs]);
      count = rows.length;
      await Promise.all(
        rows.map((row) => this.#tell({ webhookId: readText(row, 0), turn: readCount(row, 1) })),
      );
    } while (count >= full && !this.#closed);
  }

  async #tell(job: TurnJob): Promise<void> {
    const { tables, bus } = this.#options;
    try {
      await bus.publish(turnTopic, job);
    } catch (error) {
      await tables.db.query(tables.statement('webhook_rest'), [job.webhookId, job.turn]);
      throw error;
    }
  }
}
