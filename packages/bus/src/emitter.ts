import { listenerErrors } from '@parley/cache-core/kernel';
import type { Schema } from '@parley/cache-core/kernel';
import type { Bus } from './bus.ts';
import type { Subscription } from './subscription.ts';
import { defineTopic, type Topic } from './topic.ts';

export type EventHandler = (data: unknown) => unknown;

export interface EmitterOptions {
  /** Emitters of one name hear one another. @default 'events' */
  readonly name?: string | undefined;
  /** `stream` loses nothing while a process is cut off for a while; `ephemeral` keeps nothing anywhere. @default 'stream' */
  readonly class?: 'stream' | 'ephemeral' | undefined;
  /** Told when an event could not be passed on to other processes. @default `listenerErrors` alone */
  readonly onError?: ((error: unknown, event: string) => void) | undefined;
}

/** What ElizaOS's in-process bus can do, and the same between processes. */
export interface Emitter extends AsyncDisposable {
  /** Calls the handlers of this process before it returns, and those of others soon. Always true. */
  readonly emit: (event: string, data: unknown) => boolean;
  /** A handler that is there already is not added again. */
  readonly on: (event: string, handler: EventHandler) => void;
  readonly off: (event: string, handler: EventHandler) => void;
  /** Those of one event, or all. */
  readonly removeAllListeners: (event?: string) => void;
  /** There is no limit; this is here because programs call it. */
  readonly setMaxListeners: (count: number) => void;
  /** Resolves when what other processes emit from now on is heard. */
  readonly ready: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const anything: Schema<unknown> = {
  '~standard': { version: 1, vendor: 'parley', validate: (value) => ({ value }) },
};

/** An emitter whose events reach other processes too. What is thrown by one handler keeps nothing from the others. */
export function createEmitter(bus: Bus, options: EmitterOptions = {}): Emitter {
  const name = options.name ?? 'events';
  const topic: Topic<unknown, 'stream' | 'ephemeral'> =
    options.class === 'ephemeral'
      ? defineTopic(name, { class: 'ephemeral', schema: anything })
      : defineTopic(name, { class: 'stream', schema: anything, retention: { count: 1_000, age: '1h' } });
  const handlers = new Map<string, Set<EventHandler>>();
  const subscriptions = new Map<string, Subscription>();

  const failed = (error: unknown, event: string): void => {
    listenerErrors.emit({ listener: `event ${event}`, error });
    options.onError?.(error, event);
  };

  const call = (handler: EventHandler, event: string, data: unknown): void => {
    try {
      const answer = handler(data);
      if (answer instanceof Promise) answer.catch((error: unknown) => failed(error, event));
    } catch (error) {
      failed(error, event);
    }
  };

  const tell = (event: string, data: unknown): void => {
    const known = handlers.get(event);
    // As of an EventTarget: who is added meanwhile is not called, and who is removed meanwhile neither.
    for (const handler of Array.from(known ?? []))
      if (known?.has(handler) === true) call(handler, event, data);
  };

  const leave = (event: string): void => {
    handlers.delete(event);
    void subscriptions.get(event)?.close();
    subscriptions.delete(event);
  };

  const close = async (): Promise<void> => {
    handlers.clear();
    const open = [...subscriptions.values()];
    subscriptions.clear();
    await Promise.all(open.map((subscription) => subscription.close()));
  };

  return {
    emit(event, data) {
      tell(event, data);
      // Undefined has no form in JSON, and means the same.
      const passing = bus.publish(topic, data ?? null, { channel: event });
      passing.catch((error: unknown) => failed(error, event));
      return true;
    },
    on(event, handler) {
      const known = handlers.get(event);
      if (known !== undefined) {
        known.add(handler);
        return;
      }
      const heard = (message: { readonly data: unknown }): void => tell(event, message.data);
      subscriptions.set(event, bus.subscribe(topic, heard, { channel: event, skipOwn: true }));
      handlers.set(event, new Set([handler]));
    },
    off(event, handler) {
      const known = handlers.get(event);
      if (known?.delete(handler) === true && known.size === 0) leave(event);
    },
    removeAllListeners(event) {
      for (const name of event === undefined ? [...handlers.keys()] : [event]) leave(name);
    },
    setMaxListeners: () => undefined,
    async ready() {
      await Promise.all(Array.from(subscriptions.values(), (subscription) => subscription.ready()));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
