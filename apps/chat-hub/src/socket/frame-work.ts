import { withDeadline } from '@parley/cache-core/kernel';
import {
  frameAccess,
  HubError,
  toProblem,
  limits,
  type ClientFrame,
  type ServerFrame,
} from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import { runFrame, runSends, type Answer, type SendFrame } from './frames.ts';
import { Lanes } from './lanes.ts';
import type { Participation } from './participation.ts';
import type { SocketServices } from './services.ts';
import { hubErrorOf } from '../http/problems.ts';
import { actionOfFrame } from '../limits/charged.ts';
import { refusalOf } from '../limits/hub-limits.ts';

export interface FrameWorkOptions {
  readonly services: SocketServices;
  readonly caller: () => Caller;
  readonly participation: () => Participation;
  readonly send: (frame: ServerFrame) => void;
  readonly onListen: (topic: string, listens: boolean) => void;
  /** Something came to its end. */
  readonly onDone: () => void;
}

/** What the frames of one connection ask for: in order within a channel, each with a deadline, and answered. */
export class FrameWork {
  readonly #options: FrameWorkOptions;
  readonly #lanes: Lanes<SendFrame>;
  #listens: Set<string> | undefined;
  #draining = false;

  constructor(options: FrameWorkOptions) {
    this.#options = options;
    this.#lanes = new Lanes({
      together: (frames) => this.#sendAll(frames),
      onDone: () => options.onDone(),
    });
  }

  get waiting(): number {
    return this.#lanes.waiting;
  }

  get listens(): Iterable<string> {
    return this.#listens ?? [];
  }

  take(frame: ClientFrame): void {
    if (frame.type === 'send') return this.#lanes.gather(frame.channelId, frame);
    const { services, caller, participation, send } = this.#options;
    this.run(frame, (signal) =>
      runFrame(
        frame,
        {
          caller: caller(),
          chat: services.chat,
          participation: participation(),
          epoch: services.epoch(),
          listen: (topic) => this.#listen(topic),
          unlisten: (topic) => this.#unlisten(topic),
          pong: () => send({ type: 'pong' }),
        },
        signal,
      ),
    );
  }

  run(frame: ClientFrame, work: (signal: AbortSignal) => Promise<Answer | void>): void {
    const { services, send } = this.#options;
    const { clock, bounds } = services;
    const ref = 'ref' in frame ? frame.ref : undefined;
    this.#lanes.run(laneOf(frame), async () => {
      try {
        this.#requireAllowed(frame);
        await this.#charge(frame);
        const answer = await withDeadline(bounds.frameMs, work, { clock, what: frame.type });
        if (ref !== undefined) send({ type: 'ack', ref, ...answer });
      } catch (error) {
        this.#failed(hubErrorOf(error), ref, frame.type);
      }
    });
  }

  /** What waits in one channel goes in one commit; the answers come in the order of the questions. */
  async #sendAll(frames: readonly SendFrame[]): Promise<void> {
    const { services, caller, send } = this.#options;
    const { clock, bounds, chat } = services;
    const [first] = frames;
    if (first === undefined) return;
    try {
      this.#requireAllowed(first);
      // Asked in one turn, they are one question to the store.
      const refused = await Promise.all(frames.map(async (frame) => this.#refusalOf(frame)));
      const admitted = frames.filter((_, i) => refused[i] === undefined);
      const work = (signal: AbortSignal): ReturnType<typeof runSends> =>
        runSends(first.channelId, admitted, { caller: caller(), chat }, signal);
      const answers =
        admitted.length === 0 ? [] : await withDeadline(bounds.frameMs, work, { clock, what: first.type });
      for (const [i, frame] of frames.entries()) {
        const { ref, type } = frame;
        const error = refused[i];
        const answer = error === undefined ? answers[admitted.indexOf(frame)] : { error };
        if (answer === undefined || 'error' in answer) this.#failed(hubErrorOf(answer?.error), ref, type);
        else send({ type: 'ack', ref, ...answer });
      }
    } catch (error) {
      for (const { ref, type } of frames) this.#failed(hubErrorOf(error), ref, type);
    }
  }

  /** Refuses what comes from now on. */
  drain(): void {
    this.#draining = true;
  }

  /** Resolves when all that was begun has come to its end. */
  idle(): Promise<void> {
    return this.#lanes.idle();
  }

  #requireAllowed({ type }: ClientFrame): void {
    if (this.#draining && type !== 'ping') throw new HubError('DRAINING', 'this node is going away');
    const { scope } = frameAccess[type];
    if (scope !== null && !this.#options.caller().scopes.includes(scope)) {
      throw new HubError('SCOPE_MISSING', `${type}: this takes the scope ${scope}`);
    }
  }

  async #charge(frame: ClientFrame): Promise<void> {
    const error = await this.#refusalOf(frame);
    if (error !== undefined) throw error;
  }

  /** Undefined where it is none too many; and at once, where it is not limited. */
  #refusalOf(frame: ClientFrame): Promise<HubError | undefined> | undefined {
    const { services, caller } = this.#options;
    const action = actionOfFrame(frame);
    const clientId = frame.type === 'send' ? frame.clientId : undefined;
    const asked = action && services.limits.often(action, caller(), clientId);
    return asked?.then((verdict) => (verdict.ok ? undefined : refusalOf(verdict)));
  }

  #failed(error: HubError, ref: string | undefined, frame: string): void {
    const { services, send } = this.#options;
    if (error.code === 'INTERNAL') services.logger.error({ error, frame }, 'A frame failed');
    send(errorFrame(error, ref));
  }

  #listen(topic: string): void {
    this.#listens ??= new Set();
    if (this.#listens.has(topic)) return;
    if (this.#listens.size >= limits.listens) {
      throw new HubError('LIMIT_REACHED', `a connection listens to at most ${limits.listens} topics`);
    }
    this.#listens.add(topic);
    this.#options.onListen(topic, true);
  }

  #unlisten(topic: string): void {
    if (this.#listens?.delete(topic) === true) this.#options.onListen(topic, false);
  }
}

/** What waits for the store of the presence holds up nothing else. */
function laneOf(frame: ClientFrame): string {
  if (frame.type === 'watch_agents' || frame.type === 'unwatch_agents') return 'agents';
  if (!('channelId' in frame)) return '';
  return frame.type === 'watch' || frame.type === 'unwatch' ? `watch ${frame.channelId}` : frame.channelId;
}

export function errorFrame(error: HubError, ref: string | undefined): ServerFrame {
  return { type: 'error', ...(ref !== undefined && { ref }), error: toProblem(error) };
}
