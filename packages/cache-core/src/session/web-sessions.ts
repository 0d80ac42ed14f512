import { SessionConflict } from './session-errors.ts';
import type { SessionKeeper } from './keeper.ts';
import { sessionTroubles } from './session-trouble.ts';
import { describedVisitor } from './visitor.ts';
import type { Visitor } from './visitor.ts';

/** A session as a web framework has it: what the application put there, and a `cookie`. */
export type WebSession = Readonly<Record<string, unknown>>;

export interface WebSessionsOptions {
  /** Whose a session is, by what the application keeps in it. They have it in their list. @default nobody's */
  readonly userOf?: ((session: WebSession) => string | undefined) | undefined;
  /** From where it is used, by what the application keeps in it; asked when it begins. @default not known */
  readonly visitorOf?: ((session: WebSession) => Visitor) | undefined;
}

/**
 * By which share of itself a `originalMaxAge` may change without having been changed: express-session makes it of two readings of the clock, and
 * it loses a millisecond where that ticks in between.
 */
const slip = 0.001;

/** What is known of a session since it was read or written. */
export interface Known {
  readonly text: string;
  readonly version: string;
  /** When the store was told last that it was seen, by our monotonic clock. */
  readonly seen: number;
  readonly idleMs: number;
}

/** What is known: what was read or written last, or that it is over, so that it is never begun again. */
export type Knowledge = Known | 'gone';

export interface LoadedSession {
  readonly data: Record<string, unknown>;
  readonly known: Known;
  readonly endsInMs: number;
}

/**
 * What stores of web frameworks have in common. Those frameworks have one call to begin, to change and to prolong a session, and make it also
 * when nothing has changed. Here what was read before is never begun again, and what has not changed is only touched, and that not each time.
 */
export class WebSessions {
  readonly #keeper: SessionKeeper;
  readonly #options: WebSessionsOptions;
  readonly #refuses: boolean;

  /** @param refuses whether a session that somebody else has changed meanwhile is left as it is, and `SessionConflict` told */
  constructor(keeper: SessionKeeper, options: WebSessionsOptions, refuses = false) {
    this.#keeper = keeper;
    this.#options = options;
    this.#refuses = refuses;
  }

  async load(id: string): Promise<LoadedSession | undefined> {
    const { clock } = this.#keeper.times;
    const stored = await this.#keeper.read(id);
    if (stored === undefined) return undefined;
    const { data: text, version, seenForMs, endsInMs } = stored;
    const parsed: Record<string, unknown> = JSON.parse(text);
    // One that was begun without a framework has none, and they do not go on without.
    const data = isMapping(parsed['cookie']) ? parsed : { ...parsed, cookie: { originalMaxAge: null } };
    const idleMs = this.#idleMsOf(data);
    return { data, known: { text, version, idleMs, seen: clock.monotonic() - seenForMs }, endsInMs };
  }

  /** What is known afterwards. Of a session that is gone nothing is kept. */
  async save(id: string, session: object, known: Knowledge | undefined): Promise<Knowledge> {
    if (known === 'gone') return 'gone';
    const idleMs = this.#idleMsOf(session, known);
    if (idleMs <= 0) {
      await this.#keeper.destroy(id);
      return 'gone';
    }
    const text = textOf(session, idleMs);
    if (known?.text === text) return this.#see(id, known, idleMs);
    const seen = this.#keeper.times.clock.monotonic();
    if (known === undefined) {
      const { verdict, version } = await this.#begin(id, text, idleMs);
      if (verdict === 'ended') return 'gone';
      if (verdict === 'created') return { text, version, idleMs, seen };
      // Who saves a copy of a session means that session.
    }
    const { verdict, version } = await this.#keeper.write(id, {
      seen: this.#refuses ? known?.version : undefined,
      user: this.#userOf(text) ?? null,
      data: text,
      idleMs,
    });
    if (verdict === 'conflict') throw new SessionConflict();
    return verdict === 'done' ? { text, version, idleMs, seen } : 'gone';
  }

  /** Like `save` for what was read before; what was not is touched, and nothing more. */
  async touch(id: string, session: object, known: Knowledge | undefined): Promise<Knowledge | undefined> {
    if (known !== undefined) return this.save(id, session, known);
    await this.#keeper.touch(id, this.#idleMsOf(session));
    return undefined;
  }

  destroy(id: string): Promise<boolean> {
    return this.#keeper.destroy(id);
  }

  /** That somebody did not want to know of it does not mean that nobody has to. */
  unheard(work: 'save' | 'destroy'): (error: unknown) => void {
    return (error) => {
      if (error !== null) sessionTroubles.emit({ work, store: this.#keeper.store.name, error });
    };
  }

  async #see(id: string, known: Known, idleMs: number): Promise<Knowledge> {
    const { clock, touchEveryMs } = this.#keeper.times;
    const now = clock.monotonic();
    const everyMs = Math.min(touchEveryMs, idleMs / 10);
    if (idleMs === known.idleMs && now - known.seen < everyMs) return known;
    return (await this.#keeper.touch(id, idleMs)) ? { ...known, idleMs, seen: now } : 'gone';
  }

  #begin(id: string, text: string, idleMs: number): ReturnType<SessionKeeper['create']> {
    const { visitorOf } = this.#options;
    const visitor = describedVisitor(visitorOf?.(parse(text)) ?? {});
    return this.#keeper.create(id, { user: this.#userOf(text), data: text, idleMs, ...visitor });
  }

  #userOf(text: string): string | undefined {
    return this.#options.userOf?.(parse(text));
  }

  #idleMsOf(session: object, known?: Known): number {
    const cookie: unknown = Reflect.get(session, 'cookie');
    const maxAge: unknown = isMapping(cookie) ? cookie['originalMaxAge'] : undefined;
    if (typeof maxAge !== 'number') return this.#keeper.times.ttlMs;
    const slips = known !== undefined && Math.abs(known.idleMs - maxAge) <= known.idleMs * slip;
    return slips ? known.idleMs : maxAge;
  }
}

const parse = (text: string): WebSession => {
  const session: WebSession = JSON.parse(text);
  return session;
};

/** Without the moment at which the cookie ends: that moves with each request, and is known from when the session was seen. */
function textOf(session: object, idleMs: number): string {
  return JSON.stringify(session, function (this: unknown, key: string, value: unknown): unknown {
    if (this !== session || key !== 'cookie' || !isMapping(value)) return value;
    const { expires: _, originalExpires: __, ...cookie } = value;
    return typeof cookie['originalMaxAge'] === 'number' ? { ...cookie, originalMaxAge: idleMs } : cookie;
  });
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
