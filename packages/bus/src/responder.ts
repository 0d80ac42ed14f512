import {
  Closed,
  listenerErrors,
  parseDuration,
  requireInteger,
  withDeadline,
} from '@parley/cache-core/kernel';
import type { Abortable, Duration } from '@parley/cache-core/kernel';
import type { BusCore } from './core.ts';
import { open, requireData, seal, Unreadable } from './envelope.ts';
import { type Inbox, inboxOf, type Note, readNote, responders } from './inbox.ts';
import type { AnyTopic } from './topic.ts';

export interface RequestMessage<Data> {
  readonly data: Data;
  readonly from: string;
  /** Aborted when the one who asked does not wait any more. */
  readonly signal: AbortSignal;
}

export interface RespondOptions {
  /** How many requests are answered at once; while it is that busy it does not offer itself. @default 100 */
  readonly concurrency?: number | undefined;
}

export interface Responder extends AsyncDisposable {
  /** Resolves when requests will be heard. @param options.within @default '5s' */
  readonly ready: (options?: Abortable & { readonly within?: Duration | undefined }) => Promise<void>;
  /** Takes no more requests; resolves when those at work have ended. */
  readonly close: () => Promise<void>;
}

/** Answers requests of one topic. */
export class TopicResponder implements Responder {
  readonly #core: BusCore;
  readonly topic: AnyTopic;
  readonly #handler: (request: RequestMessage<never>) => unknown;
  readonly #send: (channel: string, body: string) => Promise<boolean>;
  readonly #inbox: Inbox;
  readonly #concurrency: number;
  readonly #ends: (() => void)[];
  readonly #running = new Set<Promise<void>>();
  readonly #onEnd: (self: TopicResponder) => void;
  readonly #joined = Promise.withResolvers<void>();
  #closed = false;

  constructor(
    core: BusCore,
    topic: AnyTopic,
    handler: (request: RequestMessage<never>) => unknown,
    { concurrency = 100 }: RespondOptions,
    parts: {
      readonly inbox: Inbox;
      readonly send: (channel: string, body: string) => Promise<boolean>;
      readonly onEnd: (self: TopicResponder) => void;
    },
  ) {
    this.#core = core;
    this.topic = topic;
    this.#handler = handler;
    this.#concurrency = requireInteger('concurrency', concurrency, 1);
    this.#send = parts.send;
    this.#inbox = parts.inbox;
    this.#onEnd = parts.onEnd;
    const hear = (note: Note): void => this.#hear(note);
    this.#ends = [
      parts.inbox.listen(hear),
      core.hearing.follow('channel', responders(topic.name), {
        joined: () => this.#joined.resolve(),
        lost: () => undefined,
        signal: (_channel, body) => {
          const note = readNote(body);
          if (note !== undefined) hear(note);
        },
      }),
    ];
  }

  async ready({ signal, within = '5s' }: Parameters<Responder['ready']>[0] = {}): Promise<void> {
    const limitMs = parseDuration(within, { field: 'within', min: 1 });
    const joined = async (): Promise<void> => {
      await this.#joined.promise;
      if (!this.#closed) await this.#inbox.joined();
    };
    await withDeadline(limitMs, joined, { clock: this.#core.clock, signal, what: 'joining' });
    if (this.#closed) throw new Closed('The responder');
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      for (const end of this.#ends) end();
      this.#joined.resolve();
      this.#onEnd(this);
    }
    await Promise.all(this.#running);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #hear(note: Note): void {
    if (this.#closed || !('topic' in note) || note.topic !== this.topic.name) return;
    const { source } = this.#core;
    if (note.q === 'ask') {
      // Who is busy keeps silent, and others are heard.
      if (this.#running.size < this.#concurrency)
        this.#say(note.from, { q: 'here', id: note.id, from: source });
      return;
    }
    if (this.#running.size >= this.#concurrency) {
      // Offered before others came.
      this.#say(note.from, { q: 'busy', id: note.id, from: source });
      return;
    }
    const done = this.#answer(note)
      .then((reply) => this.#say(note.from, reply))
      .finally(() => this.#running.delete(done));
    this.#running.add(done);
  }

  async #answer({ id, from, body, ms }: Extract<Note, { q: 'do' | 'all' }>): Promise<Note> {
    const { source, clock } = this.#core;
    const failed = (message: string): Note => ({ q: 'failed', id, from: source, message });
    try {
      const { data } = open(this.topic, '', body);
      const work = (signal: AbortSignal): Promise<unknown> => {
        // What it is given was held to the schema of its topic.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        const request = { data, from, signal } as RequestMessage<never>;
        return Promise.resolve(this.#handler(request));
      };
      const answer = await withDeadline(Math.max(1, ms), work, { clock, what: 'answering' });
      const schema = this.topic.reply ?? this.topic.schema;
      const about = { id: '', source, key: undefined, traceparent: undefined };
      return {
        q: 'reply',
        id,
        from: source,
        body: seal(this.topic, requireData('reply', schema, answer), about, false),
      };
    } catch (error) {
      if (!(error instanceof Unreadable)) {
        this.#core.stats.handlerErrors += 1;
        listenerErrors.emit({ listener: `responder of ${this.topic.name}`, error });
      }
      return failed(messageOf(error));
    }
  }

  #say(to: string, note: Note): void {
    // Who does not hear it asks again, or somebody else.
    this.#send(inboxOf(to), JSON.stringify(note)).catch((error: unknown) => {
      if (note.q !== 'reply') return;
      const { id, from } = note;
      this.#say(to, { q: 'failed', id, from, message: messageOf(error) });
    });
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.slice(0, 1_000) : 'it failed';
