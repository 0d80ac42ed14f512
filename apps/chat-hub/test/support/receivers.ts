import { connectHub, type Hub, type HubOptions, type Positions } from '@parley/hub-client';
import type { Message } from '@parley/hub-protocol';
import { Ledger, until } from '@parley/services';
import { RawReceiver } from './raw-receiver.ts';
import { idOf, type Noted, type Notes } from './notes.ts';

/** A client of the SDK, and where it stood when it was taken into the books. */
export interface ClientReceiver {
  readonly name: string;
  readonly client: Hub;
  readonly shows: ClientBuild['shows'];
}

export interface ReceiverOptions {
  /** The one to connect to: a node, or a balancer. */
  readonly url: string;
  readonly token: string;
  readonly channels: readonly string[];
  readonly client?: Partial<HubOptions>;
  /** The client of another build. @default that of today */
  readonly build?: ClientBuild;
}

interface ClientBuild {
  readonly connect: typeof connectHub;
  /** What it shows of a message of today. */
  readonly shows: (message: Message) => Message;
}

export interface RawOptions extends Pick<ReceiverOptions, 'token' | 'channels'> {
  /** Where to connect to; a function is asked each time. */
  readonly url: string | (() => string);
}

/**
 * Who was given what of a hub: each of these receivers must be given every event of its channels once and in order, however often its
 * connection breaks. Begin before there is traffic.
 */
export class Receivers implements AsyncDisposable {
  readonly ledger = new Ledger();
  readonly clients: ClientReceiver[] = [];
  readonly raw: RawReceiver[] = [];
  readonly #arrivals: Noted[] = [];
  #turns = 0;
  #epoch = '';
  #turning = false;

  /** The latest that anybody was told of. */
  get epoch(): string {
    return this.#epoch;
  }

  /** Where receivers were told to begin anew: after another epoch, or when too much was missed. */
  get gaps(): number {
    return this.#turns;
  }

  /** When each message was first seen by each receiver, by `performance.now()`. */
  get arrivals(): readonly Noted[] {
    return this.#arrivals;
  }

  /** Somebody was told that a message is in the log. */
  acknowledge(channelId: string, id: string, seq: number): void {
    if (!this.#turning) this.ledger.acknowledge(channelId, id, { epoch: this.#epoch, offset: seq });
  }

  /**
   * There will be another epoch. An acknowledgement does not say of which it is, so that those until a receiver is told of the new one are
   * in no book: whether they are lost is found in the log.
   */
  expectTurn(): void {
    this.#turning = true;
  }

  /** A client of the SDK. Resolves when it has its channels. */
  async addClient(
    name: string,
    { url, token, channels, client: more, build }: ReceiverOptions,
  ): Promise<Hub> {
    let known: Positions | undefined;
    const client = (build?.connect ?? connectHub)({
      url,
      token,
      maxPauseMs: 500,
      keep: 20_000,
      positions: {
        load: () => undefined,
        save: (positions) => {
          known = positions;
          this.#epoch = positions.epoch;
        },
      },
      ...more,
    });
    this.clients.push({ name, client, shows: build?.shows ?? ((message) => message) });
    await client.ready;
    await until(() => channels.every((id) => known?.positions[id] !== undefined), {
      what: `${name} has its channels`,
    });
    const books = new Map(
      channels.map((id) => {
        const offset = client.snapshot().channels.get(id)?.position ?? 0;
        return [id, this.#open(name, id, { epoch: this.#epoch, offset })];
      }),
    );
    client.on('event', (event, { channelId, seq, epoch }) => {
      if (channelId === null || seq === undefined) return;
      books.get(channelId)?.event(idOf(event, seq), { epoch: epoch ?? '', offset: seq });
    });
    return client;
  }

  /** A plain socket, which connects again at once when it is cut, and takes what it is given at its word. */
  async addRaw(name: string, { url, token, channels }: RawOptions): Promise<RawReceiver> {
    const receiver = new RawReceiver({
      name,
      url: typeof url === 'string' ? () => url : url,
      token,
      channels,
      open: (channelId, start) => this.#open(name, channelId, start),
    });
    this.raw.push(receiver);
    await receiver.begun;
    return receiver;
  }

  /** Resolves when everything that was acknowledged has arrived everywhere, or when that takes too long: `ledger` tells. */
  async settled(deadline = 60_000): Promise<void> {
    await until(() => this.ledger.missing === 0, {
      what: 'everything has arrived',
      deadline,
      every: 50,
    }).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { client } of this.clients) client.close();
    await Promise.all(this.raw.map((receiver) => receiver.close()));
  }

  #open(receiver: string, channel: string, start: Parameters<Notes['turn']>[0]): Notes {
    const book = this.ledger.open(receiver, channel, start);
    this.#epoch ||= start.epoch;
    let at = start;
    const turn: Notes['turn'] = (to) => {
      this.#turns += 1;
      if (to.epoch !== this.#epoch) this.#turning = false;
      book.gap({ from: at, to });
      // What the new epoch has up to there is loaded, and told of by no event.
      if (to.epoch !== at.epoch) book.gap({ from: { epoch: to.epoch, offset: 0 }, to });
      at = to;
      this.#epoch = to.epoch;
    };
    return {
      turn,
      event: (id, place) => {
        // What a new epoch begins with is loaded, and told of by nothing else than the epoch itself.
        if (place.epoch !== at.epoch) turn({ epoch: place.epoch, offset: place.offset - 1 });
        book.message(id, place);
        at = place;
        this.#arrivals.push({ receiver, channel, id, at: performance.now() });
      },
    };
  }
}
