import { WebSocket } from 'ws';

export interface SocketOptions {
  /** Sent first, and answered before the socket is open. */
  readonly hello?: object | undefined;

  /** The address that it comes from: one has no more than so many ports. */
  readonly localAddress?: string | undefined;
}

/** What the measurements look at; servers send more. */
interface Frame {
  readonly type: string;
  readonly ref?: string;
  readonly error?: { readonly detail: string };
  readonly event?: BenchEvent;
}

export interface BenchEvent {
  readonly type: string;
  readonly message?: { readonly content: string };
  /** Of who types, and how. */
  readonly userId?: string;
  readonly state?: string;
  readonly presence?: { readonly userId: string; readonly status: string };
}

/** The client of all servers: frames are lines of JSON, and what has a `ref` is answered. */
export class BenchSocket {
  readonly #ws: WebSocket;
  readonly #answers = new Map<string, PromiseWithResolvers<void>>();
  #refs = 0;
  #onMessage: (content: string) => void = () => {};
  #onEvent: (event: BenchEvent) => void = () => {};
  #closed: string | undefined;

  private constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  static async open(url: string, { hello, localAddress }: SocketOptions = {}): Promise<BenchSocket> {
    const ws = new WebSocket(url.replace(/^http/u, 'ws'), {
      perMessageDeflate: false,
      ...(localAddress !== undefined && { localAddress }),
    });
    const socket = new BenchSocket(ws);
    const caughtUp = Promise.withResolvers<void>();
    ws.on('message', (data: Buffer) => {
      for (const line of data.toString().split('\n')) socket.#take(JSON.parse(line), caughtUp);
    });
    ws.on('close', (code) => {
      socket.#closed = `the server closed the socket with ${code}`;
      for (const answer of [caughtUp, ...socket.#answers.values()]) answer.reject(new Error(socket.#closed));
    });
    // Nobody may wait for it.
    caughtUp.promise.catch(() => {});
    await new Promise<void>((resolve, reject) => void ws.once('open', resolve).once('error', reject));
    ws.on('error', () => {});
    if (hello === undefined) return socket;
    ws.send(JSON.stringify(hello));
    await caughtUp.promise;
    return socket;
  }

  get isOpen(): boolean {
    return this.#closed === undefined;
  }

  onMessage(call: (content: string) => void): void {
    this.#onMessage = call;
  }

  onEvent(call: (event: BenchEvent) => void): void {
    this.#onEvent = call;
  }

  /** What is not answered. */
  send(frame: object): void {
    this.#ws.send(JSON.stringify(frame));
  }

  ask(frame: object): Promise<void> {
    if (this.#closed !== undefined) throw new Error(this.#closed);
    const ref = `r${(this.#refs += 1)}`;
    const answer = Promise.withResolvers<void>();
    this.#answers.set(ref, answer);
    this.#ws.send(JSON.stringify({ ...frame, ref }));
    return answer.promise.finally(() => this.#answers.delete(ref));
  }

  close(): void {
    this.#ws.terminate();
  }

  /** As a client does that leaves. */
  leave(): void {
    this.#ws.close(1000);
  }

  #take(frame: Frame, caughtUp: PromiseWithResolvers<void>): void {
    const answer = this.#answers.get(frame.ref ?? '');
    if (frame.type === 'ack') answer?.resolve();
    else if (frame.type === 'error') (answer ?? caughtUp).reject(new Error(frame.error?.detail ?? 'refused'));
    else if (frame.type === 'caught_up') caughtUp.resolve();
    else if (frame.event?.message !== undefined) this.#onMessage(frame.event.message.content);
    else if (frame.event !== undefined) this.#onEvent(frame.event);
  }
}
