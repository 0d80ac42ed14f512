import type { Position } from './position.ts';

/** What a handler is given. It is one object for all handlers of this process: to be read, not changed. */
export interface Message<Data> {
  readonly topic: string;
  readonly channel: string;
  readonly id: string;
  readonly data: Data;
  /** Where it stands in its channel; undefined where nothing is kept. */
  readonly position: Position | undefined;
  /** When it was appended by the broker's clock, or heard by this process's where nothing is kept; milliseconds since 1970. */
  readonly at: number;
  /** The process that published it. */
  readonly source: string;
  readonly key: string | undefined;
  /** The W3C trace context of who published it. */
  readonly traceparent: string | undefined;
  /** The version of the topic that it was written with. */
  readonly version: number;
}

/** Messages of a channel that this subscription did not get, and will not. */
export interface Gap {
  readonly channel: string;
  /**
   * - `trimmed`: the log does not go back as far as this subscription had read;
   * - `epoch`: the log, or the end of it, may have been lost;
   * - `overflow`: the handler was too slow for its buffer.
   */
  readonly reason: 'trimmed' | 'epoch' | 'overflow';
  /** Behind the last message before the gap. */
  readonly from: Position;
  /** Where it goes on. */
  readonly to: Position;
  /** How many are missing; undefined where nobody can know. */
  readonly missing: number | undefined;
}
