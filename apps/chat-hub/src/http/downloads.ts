import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { systemClock, type Clock, type Timer } from '@parley/cache-core/kernel';
import { Places } from '../limits/places.ts';

export interface PaceOptions {
  readonly clock: Clock;
  /** How often it is looked at. */
  readonly everyMs: number;
  /** Of how many bytes a reader must take until the next look. */
  readonly least: number;
}

/** A thousand bytes a second, as even bad lines have. */
const pace: PaceOptions = { clock: systemClock, everyMs: 30_000, least: 30_000 };

/** What is being downloaded from this node: each one has a descriptor and a socket for as long as its reader likes. */
export class Downloads {
  readonly #places = new Places({ what: 'downloads', all: 1_000, each: 20 });
  readonly #pace: PaceOptions;

  constructor(options: Partial<PaceOptions> = {}) {
    this.#pace = { ...pace, ...options };
  }

  /** @throws {HubError} where somebody has too many under way */
  async begin(
    userId: string,
    open: () => Promise<Readable>,
  ): Promise<{ readonly bytes: Readable; readonly onSending: (response: ServerResponse) => void }> {
    const give = this.#places.take(userId);
    try {
      const bytes = await open();
      // Where it is never sent.
      bytes.once('close', give);
      return { bytes, onSending: (response) => keepPace(response, this.#pace) };
    } catch (error) {
      give();
      throw error;
    }
  }
}

/** Ends the connection of who reads next to nothing. */
export function keepPace(response: ServerResponse, { clock, everyMs, least }: PaceOptions): void {
  let before = response.socket?.bytesWritten ?? 0;
  let timer: Timer | undefined;
  const look = (): void => {
    const { socket } = response;
    if (socket === null || response.writableFinished) return;
    if (socket.bytesWritten - before < least) {
      response.destroy();
      return;
    }
    before = socket.bytesWritten;
    timer = clock.timer(everyMs, look, { unref: true });
  };
  timer = clock.timer(everyMs, look, { unref: true });
  response.once('close', () => timer?.cancel());
  response.once('finish', () => timer?.cancel());
}
