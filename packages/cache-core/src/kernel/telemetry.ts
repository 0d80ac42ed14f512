/** A named event of Parley that anyone in the process may listen to. */
export interface TelemetrySignal<T> {
  readonly name: string;

  /**
   * Whether anybody listens. Ask before building the payload, so that an unheard event costs one comparison:
   * `if (hit.active) hit.emit({ key })`.
   */
  readonly active: boolean;

  /** Tells the listeners, at once and in this stack. */
  emit(payload: T): void;

  /**
   * Listens until the returned function is called. What the listener throws is told by {@link listenerErrors} and goes no
   * further; a listener that is put on the channel by `node:diagnostics_channel` itself has no such guard.
   */
  subscribe(listener: (payload: T) => void): () => void;
}

export interface ListenerError {
  /** Which listener, logger or callback. */
  readonly listener: string;
  readonly error: unknown;
}

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
  subscribe(listener: (message: unknown) => void): void;
  unsubscribe(listener: (message: unknown) => void): void;
}

/** Where `node:diagnostics_channel` is missing: browsers, and Node before 22.3. */
class LocalChannel implements Channel {
  // Replaced and never changed, so that a listener may come or go while an event is being told.
  #listeners: readonly ((message: unknown) => void)[] = [];

  get hasSubscribers(): boolean {
    return this.#listeners.length > 0;
  }

  publish(message: unknown): void {
    for (const listener of this.#listeners) listener(message);
  }

  subscribe(listener: (message: unknown) => void): void {
    this.#listeners = [...this.#listeners, listener];
  }

  unsubscribe(listener: (message: unknown) => void): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener);
  }
}

const localChannels = new Map<string, LocalChannel>();

function openChannel(name: string): Channel {
  // Asked for at run time, because an import would keep the module out of browsers.
  const { process } = globalThis as { process?: { getBuiltinModule?: NodeJS.Process['getBuiltinModule'] } };
  const channel = process?.getBuiltinModule?.('node:diagnostics_channel')?.channel(name);
  if (channel !== undefined) return channel;
  const known = localChannels.get(name) ?? new LocalChannel();
  localChannels.set(name, known);
  return known;
}

/**
 * Declares an event. In Node it is the channel of that name of `node:diagnostics_channel`, the same one for every copy of this
 * package; elsewhere an emitter of this module.
 */
export function defineSignal<T>(name: `parley:${string}`): TelemetrySignal<T> {
  return new ChannelSignal(name);
}

// A class, since V8 inlines the getter of a prototype and not that of an object literal: 1 ns against 20.
class ChannelSignal<T> implements TelemetrySignal<T> {
  readonly name: string;
  readonly #channel: Channel;

  constructor(name: string) {
    this.name = name;
    this.#channel = openChannel(name);
  }

  get active(): boolean {
    return this.#channel.hasSubscribers;
  }

  emit(payload: T): void {
    if (this.#channel.hasSubscribers) this.#channel.publish(payload);
  }

  subscribe(listener: (payload: T) => void): () => void {
    // Channels are untyped: whoever publishes under the name of a signal publishes its payload.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const guarded = (message: unknown): void => safeCall(this.name, listener, message as T);
    this.#channel.subscribe(guarded);
    return () => this.#channel.unsubscribe(guarded);
  }
}

/** What listeners, loggers and callbacks of the application threw into Parley. */
export const listenerErrors: TelemetrySignal<ListenerError> =
  /* @__PURE__ */ defineSignal('parley:listener-error');

/**
 * Calls a function of the application that must not be able to break its caller: what it throws, now or in the promise that
 * it returns, is told by {@link listenerErrors}, and the answer is then `undefined`.
 */
export function safeCall<A extends readonly unknown[], R>(
  listener: string,
  fn: ((...args: A) => R) | undefined,
  ...args: A
): R | undefined {
  const failed = (error: unknown): void => {
    // A listener that fails on the news of a failed listener would go round for ever.
    if (listener !== listenerErrors.name) listenerErrors.emit({ listener, error });
  };
  try {
    const result = fn?.(...args);
    if (result instanceof Promise) result.catch(failed);
    return result;
  } catch (error) {
    failed(error);
    return undefined;
  }
}
