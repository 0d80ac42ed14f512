import { until } from '@parley/services';
import type { ClientFrame, ClientFrameOf, ServerFrame, ServerFrameOf } from '@parley/hub-protocol';
import { WebSocket } from 'ws';

export interface ClientOptions {
  /** In `hello`. */
  readonly token: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly hello?: Partial<ClientFrameOf<'hello'>>;
  /** Says nothing by itself. */
  readonly silent?: boolean;
}

type Answer = ServerFrameOf<'ack'> | ServerFrameOf<'error'>;

/** A plain client: keeps what it is sent. */
export class TestClient {
  readonly ws: WebSocket;
  readonly frames: ServerFrame[] = [];
  readonly closed: Promise<number>;
  readonly #answers = new Map<string, (answer: Answer) => void>();
  #refs = 0;
  #onFrame: (frame: ServerFrame) => void = () => {};

  constructor(url: string, { headers = {} }: Pick<ClientOptions, 'headers'> = {}) {
    this.ws = new WebSocket(url, { headers: { ...headers }, perMessageDeflate: false });
    this.closed = new Promise((resolve) => this.ws.on('close', resolve));
    this.ws.on('error', () => undefined);
    this.ws.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString() : '';
      for (const line of text.split('\n')) this.#take(line);
    });
  }

  static async open(url: string, options: ClientOptions): Promise<TestClient> {
    const client = new TestClient(url, options);
    await new Promise<void>((resolve, reject) => {
      client.ws.once('open', resolve);
      client.ws.once('error', reject);
    });
    if (options.silent === true) return client;
    const { token, hello } = options;
    client.send({
      type: 'hello',
      version: 1,
      subscribe: 'joined',
      ...(token !== undefined && { token }),
      ...hello,
    });
    return client;
  }

  onFrame(call: (frame: ServerFrame) => void): void {
    this.#onFrame = call;
  }

  send(frame: ClientFrame): void {
    this.ws.send(JSON.stringify(frame));
  }

  /** What answers a frame. */
  ask(
    frame: ClientFrame extends infer F ? (F extends unknown ? Omit<F, 'ref'> : never) : never,
  ): Promise<Answer> {
    const ref = `r${(this.#refs += 1)}`;
    const answer = new Promise<Answer>((resolve) => this.#answers.set(ref, resolve));
    this.ws.send(JSON.stringify({ ...frame, ref }));
    return answer;
  }

  of<T extends ServerFrame['type']>(type: T): ServerFrameOf<T>[] {
    return this.frames.filter((frame): frame is ServerFrameOf<T> => frame.type === type);
  }

  async first<T extends ServerFrame['type']>(
    type: T,
    fits: (frame: ServerFrameOf<T>) => boolean = () => true,
  ): Promise<ServerFrameOf<T>> {
    return until(() => this.of(type).find(fits), { what: `a frame of type ${type} came` });
  }

  events(channelId: string): ServerFrameOf<'event'>[] {
    return this.of('event').filter((frame) => frame.channelId === channelId);
  }

  /** The numbers of a channel's log, as they came. */
  seqs(channelId: string): number[] {
    return this.events(channelId).flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
  }

  /** Resolves when it is up to date with a channel. */
  async live(channelId: string): Promise<number> {
    return (await this.first('caught_up', (frame) => frame.channelId === channelId)).seq;
  }

  async has(channelId: string, seq: number): Promise<void> {
    await until(() => this.seqs(channelId).includes(seq), { what: `number ${seq} came` });
  }

  close(): void {
    this.ws.terminate();
  }

  #take(line: string): void {
    // The hub's own frames, which its schemas are held to elsewhere.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const frame = JSON.parse(line) as ServerFrame;
    this.frames.push(frame);
    this.#onFrame(frame);
    if ((frame.type === 'ack' || frame.type === 'error') && frame.ref !== undefined) {
      this.#answers.get(frame.ref)?.(frame);
    }
  }
}

/** The numbers from one to another. */
export function numbers(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}
