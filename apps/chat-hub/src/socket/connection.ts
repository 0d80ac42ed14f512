import type { IncomingMessage } from 'node:http';
import { withDeadline } from '@parley/cache-core/kernel';
import {
  closeCodes,
  type HubError,
  parseClientFrames,
  type ClientFrameOf,
  type ClientFrameResult,
  type CloseReason,
  type ServerFrame,
} from '@parley/hub-protocol';
import type { RawData, WebSocket } from 'ws';
import type { Caller } from '../access/caller.ts';
import { errorFrame, FrameWork } from './frame-work.ts';
import { identify, welcome } from './greet.ts';
import { SocketOutlet } from './outlet.ts';
import { Participation } from './participation.ts';
import { FrameRate } from './rate.ts';
import type { SocketServices } from './services.ts';
import { socketEnd } from './socket-end.ts';
import { hubErrorOf } from '../http/problems.ts';

export interface ConnectionEvents {
  /** Takes it in once it is known whose it is; throws where there are too many. */
  readonly onOpen: (connection: Connection) => void;
  readonly onClose: (connection: Connection) => void;
  readonly onListen: (connection: Connection, topic: string, listens: boolean) => void;
  /** It was taken to have gone to another node, and has not: where its user is to be seen is looked at anew. */
  readonly onStillHere: (connection: Connection) => void;
}

/** Frames that wait; above it, nothing more is read from the socket. */
const maxWaiting = 256;
const closingMs = 5_000;
/** What a ping says that asks whether the client is still here. */
const stillHere = 'here?';
/** The code by which a client leaves. By 1001 pages go that are closed, and those that are loaded anew: these come back. */
const leaving = 1_000;
/** Whose user has no right to be here. */
const barring: ReadonlySet<CloseReason> = new Set(['unauthenticated', 'forbidden']);

/** One socket, from the upgrade to its end. */
export class Connection {
  readonly outlet: SocketOutlet;
  readonly openedAt: number;
  readonly #ws: WebSocket;
  readonly #services: SocketServices;
  readonly #events: ConnectionEvents;
  readonly #rate: FrameRate;
  readonly #work: FrameWork;
  #request: IncomingMessage | undefined;
  #caller: Caller | undefined;
  #participation: Participation | undefined;
  #reconnectAfter = 0;
  /** Gives back its place among those of its user. */
  #release: (() => void) | undefined;
  #state: 'new' | 'greeting' | 'open' | 'closing' = 'new';
  /** What came behind `hello` in the same message. */
  #early: ClientFrameResult[] = [];
  #heardAt: number;
  #pinged = false;
  #beaconAt: number;
  #closingAt = 0;

  constructor(ws: WebSocket, request: IncomingMessage, services: SocketServices, events: ConnectionEvents) {
    const { clock, bounds } = services;
    this.#ws = ws;
    this.#request = request;
    this.#services = services;
    this.#events = events;
    this.openedAt = this.#heardAt = clock.monotonic();
    this.#beaconAt = this.openedAt + bounds.beaconMs * (0.75 + services.random() / 2);
    this.#rate = new FrameRate(bounds.framesPerSecond, bounds.frameBurst);
    this.outlet = new SocketOutlet(socketEnd(ws, request.socket), services);
    this.#work = new FrameWork({
      services,
      caller: () => this.#known,
      participation: () => this.#taking,
      send: (frame) => this.send(frame),
      onListen: (topic, listens) => events.onListen(this, topic, listens),
      onDone: () => this.#mayGoOn(),
    });
    ws.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    ws.on('pong', (said) => this.#answered(said.toString()));
    ws.on('close', (code) => this.#onClose(code));
    // `close` follows, and says all that there is to say.
    ws.on('error', () => undefined);
  }

  /** Known from the time on that it is open. */
  get caller(): Caller | undefined {
    return this.#caller;
  }

  set caller(caller: Caller) {
    this.#caller = caller;
  }

  get participation(): Participation | undefined {
    return this.#participation;
  }

  get listens(): Iterable<string> {
    return this.#work.listens;
  }

  get isOpen(): boolean {
    return this.#state === 'open' || this.#state === 'greeting';
  }

  send(frame: ServerFrame): void {
    this.outlet.say(frame);
  }

  /** Tells why, as far as that can be told, and closes. */
  close(reason: CloseReason, frame?: ServerFrame): void {
    if (this.#state === 'closing') return;
    this.#state = 'closing';
    this.#closingAt = this.#services.clock.monotonic();
    this.#participation?.end(barring.has(reason) ? 'left' : 'lost', this.#reconnectAfter);
    if (frame !== undefined) this.send(frame);
    // The other side's answer is to be read.
    if (this.#ws.isPaused) this.#ws.resume();
    // What was said in this tick goes first.
    setImmediate(() => this.outlet.end(closeCodes[reason].code));
  }

  terminate(): void {
    this.#ws.terminate();
  }

  /** Takes nothing more; what is under way comes to its end. */
  async drain(reconnectAfter: number): Promise<void> {
    this.#work.drain();
    this.#reconnectAfter = reconnectAfter;
    this.send({ type: 'goodbye', reason: 'drain', reconnectAfter });
    await this.#work.idle();
  }

  /** Called about every second. */
  beat(now: number): void {
    const { helloMs, heartbeatMs, stuckMs } = this.#services.bounds;
    if (this.#state === 'closing') {
      if (now - this.#closingAt > closingMs) this.terminate();
    } else if (this.#state === 'new' && now - this.openedAt > helloMs) this.close('helloTimeout');
    else if (this.outlet.stuckMs(now) > stuckMs) this.#giveUp();
    else if (now - this.#heardAt > 2 * heartbeatMs && !this.#ws.isPaused) this.terminate();
    else {
      if (now - this.#heardAt > heartbeatMs && !this.#pinged) {
        this.#pinged = true;
        this.#ws.ping();
      }
      if (now >= this.#beaconAt) this.#beacon(now);
      if (this.#participation?.attendance.displaced === true) this.#ws.ping(stillHere);
    }
  }

  #giveUp(): void {
    this.close('overloaded', { type: 'goodbye', reason: 'slow', reconnectAfter: 1_000 });
    // It takes nothing, not even that.
    setImmediate(() => this.terminate());
  }

  #beacon(now: number): void {
    const { bounds, epoch, random } = this.#services;
    this.#beaconAt = now + bounds.beaconMs * (0.75 + random() / 2);
    for (const heads of this.#participation?.following.beacon() ?? [])
      this.send({ type: 'heads', epoch: epoch(), heads });
  }

  #answered(said: string): void {
    this.#heard();
    const attendance = this.#participation?.attendance;
    if (said !== stillHere || attendance?.displaced !== true) return;
    attendance.stillHere();
    this.#events.onStillHere(this);
  }

  #heard(): void {
    this.#heardAt = this.#services.clock.monotonic();
    this.#pinged = false;
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#state === 'closing') return;
    this.#heard();
    if (isBinary || !Buffer.isBuffer(data)) return this.close('malformed');
    this.#services.figures.bytesIn += data.length;
    for (const result of parseClientFrames(data.toString())) this.#take(result);
    this.#mayRest();
  }

  #take(result: ClientFrameResult): void {
    if (!this.isOpen && this.#state !== 'new') return;
    if (this.#state === 'greeting') return void this.#early.push(result);
    if (!this.#rate.take(this.#heardAt)) return this.close('tooMany');
    if ('error' in result) return this.#refuse(result.error, result.ref);
    this.#services.figures.taken(result.frame.type);
    if (this.#state === 'open') this.#work.take(result.frame);
    else if (result.frame.type === 'hello') void this.#greet(result.frame);
    else this.close('helloTimeout');
  }

  #refuse(error: HubError, ref: string | undefined): void {
    const frame = errorFrame(error, ref);
    if (error.code === 'TOO_LARGE') this.close('tooLarge', frame);
    else if (error.code === 'UNSUPPORTED_VERSION') this.close('version', frame);
    else if (error.code === 'MALFORMED' || this.#state === 'new') this.close('malformed', frame);
    else this.send(frame);
  }

  async #greet(hello: ClientFrameOf<'hello'>): Promise<void> {
    this.#state = 'greeting';
    const request = this.#request;
    this.#request = undefined;
    if (request === undefined) return;
    // Nothing more is read until it is known from whom.
    this.#ws.pause();
    try {
      await withDeadline(this.#services.bounds.frameMs, () => this.#open(request, hello), {
        clock: this.#services.clock,
        what: 'hello',
      });
    } catch (error) {
      this.refuse(hubErrorOf(error));
    }
    if (this.#state !== 'greeting') return;
    this.#state = 'open';
    for (const result of this.#early.splice(0)) this.#take(result);
    this.#mayGoOn();
  }

  async #open(request: IncomingMessage, hello: ClientFrameOf<'hello'>): Promise<void> {
    this.#caller = await identify(request, hello, this.#services);
    const release = await this.#services.limits.connect(this.#caller, (error) => this.refuse(error));
    if (this.#state !== 'greeting') return release();
    this.#release = release;
    this.#events.onOpen(this);
    this.#participation = new Participation({
      services: this.#services,
      hello,
      caller: () => this.#known,
      outlet: this.outlet,
      send: (frame) => this.send(frame),
      onFailed: () => this.close('overloaded'),
      later: (work) => this.#work.run({ type: 'ping' }, work),
    });
    this.send(welcome(hello, this.#caller.userId, this.#services));
    await this.#participation.begin();
  }

  /** It may not be open, or not any more. */
  refuse(error: HubError): void {
    const frame = errorFrame(error, undefined);
    if (error.code === 'UNAUTHENTICATED') this.close('unauthenticated', frame);
    else if (error.code === 'ORIGIN_REFUSED' || error.code === 'FORBIDDEN') this.close('forbidden', frame);
    else if (error.code === 'RATE_LIMITED') this.close('tooMany', frame);
    else if (error.retryable) this.close('overloaded', frame);
    else {
      this.#services.logger.error({ error }, 'A connection could not be opened');
      this.close('internal', frame);
    }
  }

  /** A client that sends more than is done, or takes no answers, is not listened to for a while. */
  #mayRest(): void {
    if (this.#state === 'closing' || this.#ws.isPaused) return;
    if (this.#work.waiting <= maxWaiting && !this.outlet.congested) return;
    this.#ws.pause();
    if (this.outlet.congested) this.outlet.whenRoomy(() => this.#mayGoOn());
  }

  #mayGoOn(): void {
    if (!this.#ws.isPaused || this.#state !== 'open') return;
    if (this.#work.waiting > maxWaiting / 2) return;
    if (this.outlet.congested) this.outlet.whenRoomy(() => this.#mayGoOn());
    else {
      this.#heard();
      this.#ws.resume();
    }
  }

  #onClose(code: number): void {
    this.#state = 'closing';
    this.#participation?.end(code === leaving ? 'left' : 'lost', this.#reconnectAfter);
    this.#release?.();
    this.outlet.close();
    this.#events.onClose(this);
  }

  get #known(): Caller {
    if (this.#caller === undefined) throw new TypeError('nobody has said hello');
    return this.#caller;
  }

  get #taking(): Participation {
    if (this.#participation === undefined) throw new TypeError('nobody has said hello');
    return this.#participation;
  }
}
