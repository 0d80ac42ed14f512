import {
  exponentialBackoff,
  type Backoff,
  type Clock,
  type Random,
  type Timer,
} from '@parley/cache-core/kernel';
import {
  afterClose,
  HubError,
  parseServerFrames,
  version,
  type ClientFrame,
  type ClientFrameOf,
  type ReadFrame,
  type ServerFrameOf,
} from '@parley/hub-protocol';
import type { Greeting } from './greeting.ts';
import type { HubOptions } from './options.ts';
import type { SocketConstructor, SocketLike } from './socket.ts';
import type { ConnectionState } from './state.ts';

export interface ConnectionOptions {
  readonly url: URL;
  readonly token: () => Promise<string | undefined>;
  readonly WebSocket: SocketConstructor;
  readonly network: HubOptions['network'];
  readonly maxPauseMs: number;
  readonly clock: Clock;
  readonly random: Random;
  /** What goes into `hello`, asked for when the socket is open. */
  readonly hello: () => Greeting;
  readonly onWelcome: (frame: ServerFrameOf<'welcome'>) => void;
  readonly onFrames: (frames: readonly ReadFrame[]) => void;
  /** It is not live any more: what was sent may be lost. With an error, no attempt follows. */
  readonly onDown: (error?: HubError) => void;
  readonly onState: () => void;
}

/** From the first attempt to `welcome`. */
const openingMs = 15_000;

/** A connection that lived for so long was a good one: the next failure is the first again. */
const goodMs = 10_000;

/** One connection after another, until it is told to stop or the hub says that it makes no sense. */
export class Connection {
  state: ConnectionState = { phase: 'connecting' };
  /** What the hub takes, once it has said so: before that, nothing is sent. */
  limits: Pick<ServerFrameOf<'welcome'>['limits'], 'append' | 'frameBytes'> = {
    append: Infinity,
    frameBytes: Infinity,
  };
  readonly #options: ConnectionOptions;
  readonly #backoff: Backoff;
  #socket: SocketLike | undefined;
  #timer: Timer | undefined;
  #failures = 0;
  #heardAt = 0;
  #liveAt = 0;
  #error: HubError | undefined;
  #reconnectAfter: number | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { maxPauseMs, random, network } = options;
    this.#backoff = exponentialBackoff({ baseMs: Math.min(500, maxPauseMs), maxMs: maxPauseMs, random });
    network?.addEventListener('online', this.#online);
    network?.addEventListener('offline', this.#offline);
  }

  get live(): boolean {
    return this.state.phase === 'live';
  }

  /** Begins an attempt at once, unless one is under way. */
  open(): void {
    if (this.#socket !== undefined) return;
    this.#set({ phase: 'connecting' });
    this.#error = undefined;
    this.#reconnectAfter = undefined;
    const { url, WebSocket } = this.#options;
    const address = new URL(`${url.pathname.replace(/\/$/, '')}/api/v1/socket`, url);
    address.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    let socket: SocketLike;
    try {
      socket = new WebSocket(address.href);
    } catch (cause) {
      this.#stop('stop', new HubError('INVALID', 'url is no address of a hub', { cause }));
      return;
    }
    this.#socket = socket;
    this.#arm(openingMs, () => this.#down(socket));
    let opened = false;
    socket.addEventListener('open', () => {
      opened = true;
      void this.#greet(socket);
    });
    socket.addEventListener('message', ({ data }) => this.#receive(socket, data));
    socket.addEventListener('error', () => {
      // Of a socket that never opened, Node 22 tells nothing else.
      if (!opened && socket === this.#socket) this.#down(socket);
    });
    socket.addEventListener('close', ({ code }) => this.#closed(socket, code));
  }

  /** Whether it is on its way. */
  send(frame: ClientFrame): boolean {
    return this.live && this.#write(JSON.stringify(frame));
  }

  /** @throws {HubError} `TOO_LARGE`: the hub would close the connection, and again with the next one */
  requireFitting(frame: ClientFrame): void {
    const { frameBytes } = this.limits;
    const text = JSON.stringify(frame);
    // No unit of UTF-16 takes more than three bytes.
    if (text.length * 3 > frameBytes && new TextEncoder().encode(text).length > frameBytes)
      throw new HubError('TOO_LARGE', `what is sent at once must have at most ${frameBytes} bytes`);
  }

  close(): void {
    const { network } = this.#options;
    network?.removeEventListener('online', this.#online);
    network?.removeEventListener('offline', this.#offline);
    const socket = this.#forget();
    this.#stop('user', undefined);
    socket?.close(1000);
  }

  readonly #online = (): void => {
    if (this.state.phase === 'waiting') this.open();
  };

  readonly #offline = (): void => {
    if (this.#socket !== undefined) this.#down(this.#socket);
  };

  async #greet(socket: SocketLike): Promise<void> {
    try {
      const token = await this.#options.token();
      if (socket !== this.#socket) return;
      const hello: ClientFrameOf<'hello'> = {
        type: 'hello',
        version,
        ...(token !== undefined && { token }),
        ...this.#options.hello(),
        client: '@parley/hub-client',
      };
      this.#write(JSON.stringify(hello));
    } catch (cause) {
      this.#error = new HubError('UNAUTHENTICATED', 'no token could be had', { cause });
      if (socket === this.#socket) this.#down(socket);
    }
  }

  #write(text: string): boolean {
    try {
      this.#socket?.send(text);
      return this.#socket !== undefined;
    } catch {
      // It is closing: its end follows.
      return false;
    }
  }

  #receive(socket: SocketLike, data: unknown): void {
    if (socket !== this.#socket || typeof data !== 'string') return;
    this.#heardAt = this.#options.clock.monotonic();
    const frames = parseServerFrames(data);
    // Only what was said at the last explains why it ended; before that, it was the answer to some frame.
    if (!frames.some(({ type }) => type === 'goodbye')) this.#error = undefined;
    for (const frame of frames) {
      if (frame.type === 'welcome') this.#welcome(socket, frame);
      else if (frame.type === 'goodbye') this.#reconnectAfter = frame.reconnectAfter;
      else if (frame.type === 'error' && frame.ref === undefined)
        this.#error = HubError.fromProblem(frame.error);
      else if (frame.type === 'unknown' && frame.name === 'welcome') {
        this.#error = new HubError('INTERNAL', `the hub cannot be understood: ${frame.fault}`);
        this.#down(socket);
        return;
      }
    }
    if (this.live) this.#options.onFrames(frames);
  }

  #welcome(socket: SocketLike, frame: ServerFrameOf<'welcome'>): void {
    this.#liveAt = this.#heardAt;
    this.#error = undefined;
    this.limits = frame.limits;
    this.#set({ phase: 'live', userId: frame.userId, nodeId: frame.nodeId });
    this.#watch(socket, Math.max(1_000, frame.heartbeat));
    this.#options.onWelcome(frame);
  }

  /**
   * Hearing nothing for a while asks for a sign of life, and hearing nothing for as long again means that nobody is there. A page that slept
   * finds its timers due before it hears what came meanwhile: it asks once more.
   */
  #watch(socket: SocketLike, heartbeatMs: number, asked = 0): void {
    const { clock } = this.#options;
    const since = clock.monotonic();
    const silent = since - this.#heardAt;
    const quiet = silent >= heartbeatMs;
    if (quiet) this.send({ type: 'ping' });
    const wait = quiet ? heartbeatMs : heartbeatMs - silent;
    this.#arm(wait, () => {
      const slept = clock.monotonic() - since > 2 * wait;
      if (quiet && this.#heardAt < since && (asked > 0 || !slept)) this.#down(socket);
      else this.#watch(socket, heartbeatMs, quiet ? asked + 1 : 0);
    });
  }

  #closed(socket: SocketLike, code: number): void {
    if (socket !== this.#socket) return;
    const next = afterClose(code);
    if (next === 'sign-in' || next === 'stop') {
      this.#forget();
      const error =
        this.#error ??
        new HubError(
          next === 'stop' ? 'INVALID' : 'UNAUTHENTICATED',
          `the hub closed the connection with ${code}`,
        );
      this.#stop(next, error);
      return;
    }
    this.#down(socket);
  }

  #down(socket: SocketLike): void {
    const { clock } = this.#options;
    if (this.live && clock.monotonic() - this.#liveAt >= goodMs) this.#failures = 0;
    this.#forget();
    this.#failures += 1;
    const told = this.#reconnectAfter ?? this.#error?.retryAfter;
    // What the hub says counts; saying it again and again is a failure all the same.
    const own = told === undefined || this.#failures > 1 ? this.#backoff(this.#failures) : 0;
    const pause = Math.max(told ?? 0, own);
    this.#set({ phase: 'waiting', until: clock.now() + pause, error: this.#error });
    this.#arm(pause, () => this.open());
    this.#options.onDown();
    socket.close();
  }

  #stop(reason: 'user' | 'sign-in' | 'stop', error: HubError | undefined): void {
    this.#timer?.cancel();
    this.#set({ phase: 'closed', reason, error });
    this.#options.onDown(error);
  }

  /** What the socket still says is heard by nobody. */
  #forget(): SocketLike | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    return socket;
  }

  #arm(ms: number, then: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.timer(ms, then);
  }

  #set(state: ConnectionState): void {
    this.state = state;
    this.#options.onState();
  }
}
