import type { Clock, Random } from '@parley/cache-core/kernel';
import type { SocketConstructor } from './socket.ts';

/** Where a client stands in each channel. */
export interface Positions {
  readonly epoch: string;
  readonly positions: Readonly<Record<string, number>>;
}

/** Keeps positions for a client that starts anew, so that it hears what it missed in between. */
export interface PositionStore {
  load(): Positions | undefined | Promise<Positions | undefined>;
  /** Called after events were applied and listeners have returned. What it throws stops nothing. */
  save(positions: Positions): void | Promise<void>;
}

export interface HubOptions {
  /** Where the hub is: `https://hub.example`. */
  url: string | URL;

  /**
   * A token, or what answers one; it is asked again for each connection. Browsers that are signed in need none.
   *
   * @default the cookie of the browser
   */
  token?: string | (() => string | Promise<string>) | undefined;

  /**
   * What to follow: all channels that the user is in, now and later, or these.
   *
   * @default 'joined'
   */
  subscribe?: 'joined' | readonly string[];

  /**
   * How many messages of a channel are kept, besides those that `loadOlder` brought. Older ones are let go.
   *
   * @default 1_000
   */
  keep?: number;

  /**
   * Names this client among those of its user, 1 to 64 characters. One that was cut off and begins anew with the same name within seconds was never
   * away to others. No two that run at once should share it.
   *
   * @default a random one
   */
  session?: string | undefined;

  /** Lets a client that starts anew hear what it missed. */
  positions?: PositionStore | undefined;

  /**
   * Milliseconds after which a call gives up, with all its attempts.
   *
   * @default 15_000
   */
  deadlineMs?: number;

  /**
   * Milliseconds after which a message that is not acknowledged has failed. Until then it is sent again.
   *
   * @default 120_000
   */
  giveUpMs?: number;

  /**
   * The longest pause between attempts to connect, in milliseconds.
   *
   * @default 30_000
   */
  maxPauseMs?: number;

  /** @default globalThis.fetch */
  fetch?: typeof fetch | undefined;

  /** @default globalThis.WebSocket */
  WebSocket?: SocketConstructor | undefined;

  /**
   * Tells `online` and `offline`.
   *
   * @default globalThis, in browsers
   */
  network?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> | undefined;

  /** @default systemClock */
  clock?: Clock | undefined;

  /** @default Math.random */
  random?: Random | undefined;
}
