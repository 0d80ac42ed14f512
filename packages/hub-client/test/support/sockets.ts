import { systemClock, virtualClock, type VirtualClock } from '@parley/cache-core/kernel';
import {
  connectHub,
  type Hub,
  type HubOptions,
  type SocketConstructor,
  type SocketLike,
} from '@parley/hub-client';
import { listenOnLoopback } from './listen.ts';
import type { FakeHub } from './fake-hub.ts';

/** Sockets without a network: what is written arrives in the same order, a little later. */
function socketsOf(hub: FakeHub): SocketConstructor {
  return class implements SocketLike {
    readonly #listeners = new Map<string, Array<(event: never) => void>>();
    #peer: ReturnType<FakeHub['connect']> | undefined;
    #open = true;

    constructor(_url: string) {
      queueMicrotask(() => {
        if (!this.#open) return;
        this.#peer = hub.connect({
          write: (data) => queueMicrotask(() => this.#tell('message', { data })),
          close: (code) => queueMicrotask(() => this.#end(code)),
        });
        this.#tell('open', {});
      });
    }

    send(text: string): void {
      queueMicrotask(() => {
        if (this.#open) this.#peer?.take(text);
      });
    }

    close(): void {
      this.#peer?.gone();
      this.#end(1005);
    }

    addEventListener(type: string, listener: (event: never) => void): void {
      this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
    }

    #end(code: number): void {
      if (!this.#open) return;
      this.#tell('close', { code, reason: '' });
      this.#open = false;
    }

    #tell(type: string, event: object): void {
      if (!this.#open) return;
      // Listeners of each type are told what that type says.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
    }
  };
}

/** A client with a clock that is moved by hand. */
export function clientOf(
  fake: FakeHub,
  options: Partial<HubOptions> = {},
): { hub: Hub; clock: VirtualClock } {
  const clock = virtualClock();
  const hub = connectHub({
    url: 'http://hub.test',
    fetch: fake.fetch,
    WebSocket: socketsOf(fake),
    clock,
    random: () => 0.5,
    ...options,
  });
  return { hub, clock };
}

/** A client over real sockets, with the WebSocket of the platform. */
export async function realClientOf(
  fake: FakeHub,
  options: Partial<HubOptions> = {},
): Promise<{ hub: Hub; close: () => Promise<void> }> {
  const server = await listenOnLoopback(fake);
  const hub = connectHub({
    url: server.url,
    fetch: fake.fetch,
    clock: systemClock,
    maxPauseMs: 50,
    ...options,
  });
  return {
    hub,
    close: async () => {
      hub.close();
      await server.close();
    },
  };
}
