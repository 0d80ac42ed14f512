import {
  createInstanceId,
  abortable,
  anySignal,
  DeadlineExceeded,
  deadlineIn,
  parseDuration,
  requireInteger,
  throwIfAborted,
  withDeadline,
} from '@parley/cache-core/kernel';
import type { Abortable, Deadline, Duration, Timer } from '@parley/cache-core/kernel';
import type { BusCore } from './core.ts';
import { open, requireData, seal } from './envelope.ts';
import { NoResponder, RequestFailed } from './errors.ts';
import { type Inbox, inboxOf, responders, type Note } from './inbox.ts';
import type { AnyTopic } from './topic.ts';

export interface RequestCall extends Abortable {
  /** How long to wait for the answer. @default '5s' */
  readonly within?: Duration | undefined;
}

export interface ManyRequestCall extends RequestCall {
  /** Ends with this many answers. @default all that come in time */
  readonly atMost?: number | undefined;
}

/** One of several answers. */
export type Answer<Reply> =
  | { readonly from: string; readonly data: Reply }
  | { readonly from: string; readonly error: RequestFailed };

type Send = (channel: string, body: string) => Promise<boolean>;

/** How long one that is known may take to say that it is still there. */
const presenceMs = 300;
const knownForMs = 10_000;

/**
 * Asks others. A request goes to one responder that has just said that it is there, so that it is carried out once or not at all, and the
 * death of a responder costs a third of a second rather than the request.
 */
export class Requests {
  readonly #core: BusCore;
  readonly #inbox: Inbox;
  readonly #send: Send;
  readonly #pending = new Map<string, (note: Note) => void>();
  readonly #known = new Map<string, { readonly from: string; readonly seenAt: number }[]>();

  #asking = 0;
  #leave: (() => void) | undefined;
  #leaving: Timer | undefined;

  constructor(core: BusCore, inbox: Inbox, send: Send) {
    this.#core = core;
    this.#inbox = inbox;
    this.#send = send;
  }

  close(): void {
    this.#leaving?.cancel();
    this.#leave?.();
    this.#leave = undefined;
  }

  async one(topic: AnyTopic, data: unknown, { signal, within }: RequestCall): Promise<unknown> {
    const deadline = this.#deadline(within);
    const body = this.#seal(topic, data);
    return this.#listening(signal, async (leaving) => {
      const what = `a request of ${topic.name}`;
      this.#core.stats.requests += 1;
      try {
        return await withDeadline(deadline, (inner) => this.#ask(topic, body, deadline, inner), {
          signal: leaving,
          what,
        });
      } catch (error) {
        if (error instanceof DeadlineExceeded || error instanceof NoResponder)
          this.#core.stats.unanswered += 1;
        throw error;
      }
    });
  }

  async many(
    topic: AnyTopic,
    data: unknown,
    { signal, within, atMost = Infinity }: ManyRequestCall,
  ): Promise<Answer<unknown>[]> {
    if (atMost !== Infinity) requireInteger('atMost', atMost, 1);
    const deadline = this.#deadline(within);
    const body = this.#seal(topic, data);
    return this.#listening(signal, async (leaving) => {
      const options = { signal: leaving, what: `a request of ${topic.name}` };
      await withDeadline(deadline, () => this.#inbox.joined(), options);
      const answers: Answer<unknown>[] = [];
      const enough = Promise.withResolvers<void>();
      const id = this.#expect((note) => {
        const answer = this.#answer(topic, note);
        if (answer !== undefined && answers.length < atMost) answers.push(answer);
        if (answers.length >= atMost) enough.resolve();
      });
      this.#core.stats.requests += 1;
      const ms = deadline.remaining();
      try {
        const { source } = this.#core;
        const note = { q: 'all' as const, id, from: source, topic: topic.name, body, ms };
        const sent = await withDeadline(deadline, () => this.#say(responders(topic.name), note), options);
        if (!sent) throw new NoResponder(topic.name);
        await withDeadline(deadline, () => enough.promise, options).catch((error: unknown) => {
          if (!(error instanceof DeadlineExceeded)) throw error;
        });
      } finally {
        this.#pending.delete(id);
      }
      if (answers.length === 0) this.#core.stats.unanswered += 1;
      return answers;
    });
  }

  #deadline(within: Duration | undefined): Deadline {
    return deadlineIn(parseDuration(within ?? '5s', { field: 'within', min: 1 }), {
      clock: this.#core.clock,
    });
  }

  #seal(topic: AnyTopic, data: unknown): string {
    const about = { id: '', source: this.#core.source, key: undefined, traceparent: undefined };
    return seal(topic, requireData('data', topic.schema, data), about, false);
  }

  /** The inbox stays joined for a while: who asks once asks again. */
  async #listening<T>(
    signal: AbortSignal | undefined,
    work: (leaving: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const leaving = anySignal([signal, this.#core.closing]);
    this.#leaving?.cancel();
    this.#leave ??= this.#inbox.listen((note) => {
      // In this process may be responders too.
      if (note.q === 'here' || note.q === 'busy' || note.q === 'reply' || note.q === 'failed')
        this.#pending.get(note.id)?.(note);
    });
    this.#asking += 1;
    try {
      return await work(leaving.signal);
    } finally {
      leaving.dispose();
      this.#asking -= 1;
      if (this.#asking === 0 && !this.#core.closing.aborted)
        this.#leaving = this.#core.clock.timer(knownForMs, () => this.close(), { unref: true });
    }
  }

  async #ask(topic: AnyTopic, body: string, deadline: Deadline, signal: AbortSignal): Promise<unknown> {
    await this.#inbox.joined();
    let note: Note;
    do {
      const chosen = await this.#find(topic.name, deadline, signal);
      note = await this.#order(topic, chosen, body, deadline, signal);
      if (note.q === 'busy') this.#forget(topic.name, chosen);
    } while (note.q === 'busy');
    const answer = this.#answer(topic, note);
    if (answer === undefined) throw new RequestFailed(topic.name, 'its answer could not be read');
    if ('error' in answer) throw answer.error;
    return answer.data;
  }

  /** What the chosen one has to say to it. */
  async #order(
    topic: AnyTopic,
    chosen: string,
    body: string,
    deadline: Deadline,
    signal: AbortSignal,
  ): Promise<Note> {
    throwIfAborted(signal);
    const reply = Promise.withResolvers<Note>();
    const id = this.#expect((note) => reply.resolve(note));
    const { source } = this.#core;
    try {
      const note = { q: 'do' as const, id, from: source, topic: topic.name, body, ms: deadline.remaining() };
      await abortable(this.#say(inboxOf(chosen), note), signal);
      return await abortable(reply.promise, signal);
    } finally {
      this.#pending.delete(id);
    }
  }

  /** Somebody who said a moment ago that it is there: one that is known, in turn, or whoever says it first. */
  async #find(topic: string, deadline: Deadline, signal: AbortSignal): Promise<string> {
    const next = this.#nextKnown(topic);
    // One that is silent may be one of many that died together: the next to be asked are all.
    if (next !== undefined) {
      const here = await this.#hello(
        topic,
        inboxOf(next),
        Math.min(presenceMs, deadline.remaining() / 3),
        signal,
      );
      if (here !== undefined) return here;
      this.#forget(topic, next);
    }
    const here = await this.#hello(
      topic,
      responders(topic),
      Math.min(1_000, deadline.remaining() / 2),
      signal,
    );
    if (here === undefined) throw new NoResponder(topic);
    return here;
  }

  async #hello(topic: string, to: string, ms: number, signal: AbortSignal): Promise<string | undefined> {
    const first = Promise.withResolvers<string>();
    const id = this.#expect((note) => {
      this.#remember(topic, note.from);
      first.resolve(note.from);
    });
    // Those who answer later are remembered too.
    this.#core.clock.timer(presenceMs + ms, () => this.#pending.delete(id), { unref: true });
    if (!(await this.#say(to, { q: 'ask', id, from: this.#core.source, topic }))) return undefined;
    try {
      return await withDeadline(ms, () => first.promise, { clock: this.#core.clock, signal });
    } catch (error) {
      if (error instanceof DeadlineExceeded && !signal.aborted) return undefined;
      throw error;
    }
  }

  #answer(topic: AnyTopic, note: Note): Answer<unknown> | undefined {
    const { from } = note;
    if (note.q === 'failed')
      return { from, error: new RequestFailed(topic.name, note.message, { evidence: { from } }) };
    if (note.q !== 'reply' || topic.reply === undefined) return undefined;
    try {
      return { from, data: open({ ...topic, schema: topic.reply, upgrade: undefined }, '', note.body).data };
    } catch (error) {
      return {
        from,
        error: new RequestFailed(topic.name, 'its answer could not be read', {
          cause: error,
          evidence: { from },
        }),
      };
    }
  }

  #expect(reader: (note: Note) => void): string {
    const id = createInstanceId();
    this.#pending.set(id, reader);
    return id;
  }

  #say(channel: string, note: Note): Promise<boolean> {
    return this.#send(channel, JSON.stringify(note));
  }

  #remember(topic: string, from: string): void {
    const known = (this.#known.get(topic) ?? []).filter((other) => other.from !== from);
    this.#known.set(topic, [...known, { from, seenAt: this.#core.clock.monotonic() }].slice(-64));
  }

  #forget(topic: string, from: string): void {
    this.#known.set(
      topic,
      (this.#known.get(topic) ?? []).filter((other) => other.from !== from),
    );
  }

  /** Each of those in turn. New ones are found as knowledge grows old. */
  #nextKnown(topic: string): string | undefined {
    const now = this.#core.clock.monotonic();
    const [first, ...others] = (this.#known.get(topic) ?? []).filter(
      ({ seenAt }) => now - seenAt < knownForMs,
    );
    if (first === undefined) return undefined;
    this.#known.set(topic, [...others, first]);
    return first.from;
  }
}
