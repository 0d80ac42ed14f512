import {
  createSingleFlight,
  StoreUnavailable,
  type Clock,
  type SingleFlight,
} from '@parley/cache-core/kernel';
import { databaseEpoch, readText, type ApplicationTables } from '@parley/runtime';

type Ask = (signal: AbortSignal) => Promise<string>;

/** Where the epoch is known from. */
export interface EpochSource {
  readonly ask: Ask;
  /** Which server process answers now, where that can be told: what another one says may be of another history. */
  readonly server?: (() => string | undefined) | undefined;
  /** Begins another history, unless that has been done since this epoch was asked for. */
  readonly begin?: ((epoch: string) => Promise<void>) | undefined;
}

/** How often another server may take over while one question is asked. */
const maxTries = 5;

/** The history that the numbers of all logs belong to, as this node knows it. */
export class LogEpoch {
  readonly #source: EpochSource;
  readonly #ask: (server: string | undefined) => Promise<string>;
  readonly #comparisons: SingleFlight<boolean>;
  readonly #listeners = new Set<(epoch: string) => void>();
  #current = '';
  /** Who said so. */
  #server: string | undefined;
  #altered: ((signal: AbortSignal) => Promise<boolean>) | undefined;

  private constructor(source: EpochSource, clock: Clock) {
    const flights = createSingleFlight<string>({ limitMs: 5_000, clock });
    this.#comparisons = createSingleFlight({ limitMs: 5_000, clock });
    this.#source = source;
    // Who asks after another server took over must not be given what the last one said.
    this.#ask = (server) => flights.run(`epoch ${server}`, (flight) => source.ask(flight.signal));
  }

  static async open(source: Ask | EpochSource, clock: Clock): Promise<LogEpoch> {
    const epoch = new LogEpoch(typeof source === 'function' ? { ask: source } : source, clock);
    await epoch.refresh();
    return epoch;
  }

  get current(): string {
    return this.#current;
  }

  /** Whether the server that answers now is the one that `current` was heard from. */
  get certain(): boolean {
    return this.#server === this.#source.server?.();
  }

  /** Called after `current` has become another one. */
  onChange(call: (epoch: string) => void): void {
    this.#listeners.add(call);
  }

  /**
   * Asked when another server says that its history is the one that is known: it may run on an older copy of the data, of which it knows
   * nothing. Then another epoch begins, before anything that it says is believed.
   */
  compareBy(altered: (signal: AbortSignal) => Promise<boolean>): void {
    this.#altered = altered;
  }

  /** Asks the database; answers whether the epoch is another one now. */
  async refresh(): Promise<boolean> {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const server = this.#source.server?.();
      const epoch = await this.#ask(server);
      if (this.#isSuccessor(server, epoch) && (await this.#isAltered(server)))
        await this.#source.begin?.(epoch);
      // Two may have answered.
      else if (server === this.#source.server?.()) return this.#turnTo(epoch, server);
    }
    throw new StoreUnavailable('Postgres: one server after the other takes over');
  }

  /** Resolves when what was read while `epoch` was the current one is certain to belong to it. */
  async confirm(epoch: string): Promise<void> {
    if (!this.certain) await this.refresh();
    if (epoch !== this.#current) {
      throw new StoreUnavailable('the logs have another epoch since they were asked for');
    }
  }

  /** What was committed in the current epoch is not there any more, and the server does not know: begins another one, for all nodes. */
  async begin(): Promise<void> {
    await this.#source.begin?.(this.#current);
    await this.refresh();
  }

  #isSuccessor(server: string | undefined, epoch: string): boolean {
    return server !== this.#server && epoch === this.#current;
  }

  async #isAltered(server: string | undefined): Promise<boolean> {
    const altered = this.#altered;
    return altered !== undefined && this.#comparisons.run(`logs ${server}`, ({ signal }) => altered(signal));
  }

  #turnTo(epoch: string, server: string | undefined): boolean {
    this.#server = server;
    if (epoch === this.#current) return false;
    const first = this.#current === '';
    this.#current = epoch;
    if (!first) for (const call of this.#listeners) call(epoch);
    return true;
  }
}

/** What the database says, and what the workspace says: a backup that was restored is another history in the same server. */
export function epochOf(tables: ApplicationTables): EpochSource {
  return {
    server: () => tables.db.server,
    async ask(signal) {
      const [epoch, { rows }] = await Promise.all([
        databaseEpoch(tables.db, { signal }),
        tables.db.query(tables.statement('workspace_nonce'), [], { signal }),
      ]);
      const nonce = rows.map((row) => readText(row, 0))[0];
      return nonce === undefined ? epoch : `${epoch}.${nonce}`;
    },
    async begin(epoch) {
      await tables.db.query(tables.statement('workspace_begin'), [epoch.split('.').slice(1).join('.')]);
    },
  };
}
