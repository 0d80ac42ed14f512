import { systemClock } from '@parley/cache-core/kernel';
import { Client } from './client.ts';
import type { Hub } from './hub.ts';
import type { HubOptions } from './options.ts';
import { createRest } from './rest.ts';

/** Connects to a hub, and stays connected until it is closed. */
export function connectHub(options: HubOptions): Hub {
  const {
    clock = systemClock,
    random = Math.random,
    subscribe = 'joined',
    keep = 1_000,
    deadlineMs = 15_000,
    giveUpMs = 120_000,
    maxPauseMs = 30_000,
    fetch = globalThis.fetch,
    WebSocket = globalThis.WebSocket,
    network = browserNetwork(),
  } = options;
  const url = new URL(options.url);
  const token = async (): Promise<string | undefined> =>
    typeof options.token === 'function' ? options.token() : options.token;
  // Called as a method of anything else, the one of a browser refuses.
  const request: typeof fetch = (...args) => fetch(...args);
  const call = createRest({ url, token, fetch: request, deadlineMs, clock, random });
  const client = new Client({
    url,
    token,
    call,
    subscribe,
    keep,
    giveUpMs,
    maxPauseMs,
    WebSocket,
    network,
    positions: options.positions,
    clock,
    random,
  });
  void client.start();
  return client.hub;
}

/** Only browsers tell whether there is a network. */
function browserNetwork(): HubOptions['network'] {
  // Node has neither, and its types do not know what browsers have.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { addEventListener: add, removeEventListener: remove } = globalThis as Partial<EventTarget>;
  if (add === undefined || remove === undefined) return undefined;
  return { addEventListener: add.bind(globalThis), removeEventListener: remove.bind(globalThis) };
}
