import { createSingleFlight, type Clock } from '@parley/cache-core/kernel';
import { databaseEpoch, readText, type ApplicationTables } from '@parley/runtime';

type Ask = (signal: AbortSignal) => Promise<string>;

/** The history that the numbers of all logs belong to, as this node knows it. */
export class LogEpoch {
  readonly #ask: () => Promise<string>;
  readonly #listeners = new Set<(epoch: string) => void>();
  #current: string;

  private constructor(current: string, ask: () => Promise<string>) {
    this.#current = current;
    this.#ask = ask;
  }

  static async open(ask: Ask, clock: Clock): Promise<LogEpoch> {
    const flights = createSingleFlight<string>({ limitMs: 5_000, clock });
    const once = (): Promise<string> => flights.run('epoch', (flight) => ask(flight.signal));
    return new LogEpoch(await once(), once);
  }

  get current(): string {
    return this.#current;
  }

  /** Called after `current` has become another one. */
  onChange(call: (epoch: string) => void): void {
    this.#listeners.add(call);
  }

  /** Asks the database; answers whether the epoch is another one now. */
  async refresh(): Promise<boolean> {
    const epoch = await this.#ask();
    if (epoch === this.#current) return false;
    this.#current = epoch;
    for (const call of this.#listeners) call(epoch);
    return true;
  }
}

/** What the database says, and what the workspace says: a backup that was restored is another history in the same server. */
export function epochOf(tables: ApplicationTables): Ask {
  return async (signal) => {
    const [epoch, { rows }] = await Promise.all([
      databaseEpoch(tables.db, { signal }),
      tables.db.query(tables.statement('workspace_nonce'), [], { signal }),
    ]);
    const nonce = rows.map((row) => readText(row, 0))[0];
    return nonce === undefined ? epoch : `${epoch}.${nonce}`;
  };
}
