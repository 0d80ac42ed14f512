import type { Position } from '@parley/bus';
import { textArray } from '../arrays.ts';
import type { Statement } from '../database.ts';
import { text } from '../rows.ts';
import type { BusTables } from './bus-tables.ts';
import type { Followed } from './followed.ts';
import { toPosition } from './positions.ts';

/** How many logs one look asks after; of more, each look takes the next. */
const maxLogs = 1_000;

export interface Sight {
  /** Which server was asked; undefined when it knows nothing of itself yet. */
  readonly history: string | undefined;
  readonly logs: readonly { readonly channel: string; readonly wide: boolean; readonly position: Position }[];
  readonly queues: readonly string[];
}

/** Looks how far logs have come, and which queues have work: for notices that were never sent, and jobs that become due. */
export class Lookout {
  readonly #tables: BusTables;
  readonly #statement: Statement;
  /** Where the last look ended among the channels, and among those of each topic. */
  #next = 0;
  #after = new Map<string, string>();

  constructor(tables: BusTables) {
    this.#tables = tables;
    this.#statement = tables.statement('bus_look');
  }

  async look(followed: Followed, signal: AbortSignal): Promise<Sight> {
    const channels = this.#someOf(followed.channels);
    const { topics } = followed;
    const rows = await this.#tables.query(
      this.#statement,
      [
        textArray(channels),
        textArray(topics),
        textArray(topics.map((topic) => this.#after.get(topic) ?? '')),
        maxLogs,
        textArray(followed.queues),
      ],
      { signal },
    );
    const of = (kind: string): typeof rows => rows.filter((row) => row[0] === kind);
    const ofTopics = new Map<string, string[]>(topics.map((topic) => [topic, []]));
    const logs = of('channel').map((row) => {
      const channel = text(row, 1);
      const topic = row[4] ?? undefined;
      if (topic !== undefined) ofTopics.get(topic)?.push(channel);
      return { channel, wide: topic !== undefined, position: toPosition(row, 2) };
    });
    // A page that is not full was the last one.
    this.#after = new Map(
      [...ofTopics].map(([topic, names]) => [topic, names.length < maxLogs ? '' : (names.at(-1) ?? '')]),
    );
    const [history] = of('history').map((row) => text(row, 1));
    return { history, logs, queues: of('queue').map((row) => text(row, 1)) };
  }

  #someOf(channels: readonly string[]): readonly string[] {
    const from = this.#next < channels.length ? this.#next : 0;
    this.#next = from + maxLogs;
    return channels.slice(from, from + maxLogs);
  }
}
