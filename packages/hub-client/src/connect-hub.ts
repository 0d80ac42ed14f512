import { InvalidArgument, requireInteger, requireMs, systemClock } from '@parley/cache-core/kernel';
import { callHub, tokenOf } from './call-hub.ts';
import { addressOf, requireFunction } from './check-options.ts';
import { newClientId } from './client-id.ts';
import { Client } from './client.ts';
import type { Hub } from './hub.ts';
import type { HubOptions } from './options.ts';

/**
 * Connects to a hub, and stays connected until it is closed.
 *
 * @throws {InvalidArgument} naming the option that cannot be used
 */
export function connectHub(options: HubOptions): Hub {
  const {
    clock = systemClock,
    random = Math.random,
    subscribe = 'joined',
    keep = 1_000,
    giveUpMs = 120_000,
    maxPauseMs = 30_000,
    WebSocket = globalThis.WebSocket,
    network = browserNetwork(),
    session = newClientId(),
  } = options;
  const url = addressOf(options.url);
  requireInteger('keep', keep, 1);
  requireMs('giveUpMs', giveUpMs);
  requireMs('maxPauseMs', maxPauseMs);
  requireFunction('WebSocket', WebSocket);
  if (subscribe !== 'joined' && !Array.isArray(subscribe))
    throw new InvalidArgument('subscribe', "'joined' or a list of ids of channels", subscribe);
  if (typeof session !== 'string' || !/^.{1,64}$/su.test(session))
    throw new InvalidArgument('session', '1 to 64 characters', session);
  const end = new AbortController();
  const client = new Client({
    url,
    token: tokenOf(options),
    call: callHub(options, end.signal),
    subscribe,
    keep,
    giveUpMs,
    maxPauseMs,
    session,
    WebSocket,
    network,
    positions: options.positions,
    clock,
    random,
    end,
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
