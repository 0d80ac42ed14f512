import assert from 'node:assert/strict';
import type { LockEar, LockListener, LockReply, LockStore } from '../lock-store.ts';

/** What a store's author provides; every law gets a new one. */
export interface LockHarness {
  /** A store over empty data. */
  readonly store: LockStore;
  /** A second one over the same data, as another process has it; the same object where that cannot be. */
  readonly other: LockStore;
  /** Lets time pass for the store: really, or by moving its clock. */
  readonly advance: (ms: number) => Promise<void>;
  /** How much too late the store may notice that time has passed. */
  readonly toleranceMs: number;
  /** How long the stores keep a lock for whoever's turn it is. Long enough for a few calls on a machine that does much else. */
  readonly claimMs: number;
}

export const longMs = 600_000;
/** Over in a law's time, and long enough for a few calls on a machine that does much else. */
export const briefMs = 600;

let numbers = 0;

/** Names that no other law has. */
export function unique(prefix: string): string {
  numbers += 1;
  return `${prefix}${numbers.toString(36)}x${Math.floor(Math.random() * 2 ** 32).toString(36)}`;
}

/** One who takes locks, and may wait for them. */
export class Party {
  readonly store: LockStore;
  readonly ear: LockEar;
  readonly turns: string[] = [];
  readonly #awaited = new Map<string, () => void>();

  constructor(store: LockStore) {
    this.store = store;
    const listener: LockListener = {
      turn: (_key, token) => {
        this.turns.push(token);
        this.#awaited.get(token)?.();
      },
      lost: () => undefined,
    };
    this.ear = store.listen(listener);
  }

  ask(key: string, token: string, leaseMs = longMs): Promise<LockReply> {
    return this.store.acquire({ key, token, leaseMs });
  }

  /** Its fence. */
  async take(key: string, token: string, leaseMs = longMs): Promise<number> {
    const reply = await this.ask(key, token, leaseMs);
    assert(reply.state === 'granted', `${token} must be granted the lock`);
    assert(
      Number.isSafeInteger(reply.fence) && reply.fence > 0,
      'a fence must be a safe whole number above 0',
    );
    return reply.fence;
  }

  async refused(key: string, token: string): Promise<number> {
    const reply = await this.ask(key, token);
    assert(reply.state === 'held', `${token} must not be granted the lock`);
    return reply.forMs;
  }

  queue(key: string, token: string, keepMs = longMs): Promise<LockReply> {
    return this.store.acquire({ key, token, leaseMs: longMs, queue: { ear: this.ear.id, keepMs } });
  }

  /** Stands in the queue, and hears its turn. */
  async wait(key: string, token: string, keepMs = longMs): Promise<void> {
    await this.ear.join(key);
    assert(this.ear.hears(key), 'a key that was joined must be heard');
    const reply = await this.queue(key, token, keepMs);
    assert(reply.state === 'held', `${token} must have to wait`);
  }

  release(key: string, token: string): Promise<boolean> {
    return this.store.release({ key, token, ear: this.ear.id });
  }

  extend(key: string, token: string, leaseMs = longMs): Promise<boolean> {
    return this.store.extend({ key, token, leaseMs });
  }

  /** Resolves when the token was told that it is its turn. Stores tell at once or never, so that a limit of real time is enough. */
  async hearsTurn(token: string): Promise<void> {
    const told = new Promise<void>((resolve) => {
      this.#awaited.set(token, resolve);
    });
    if (this.turns.includes(token)) return;
    let limit: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      limit = setTimeout(
        () => reject(new assert.AssertionError({ message: `${token} must be told its turn` })),
        hearMs,
      );
    });
    try {
      await Promise.race([told, late]);
    } finally {
      clearTimeout(limit);
    }
  }
}

const hearMs = 5_000;

/** Two who are in different processes. */
export async function withTwo(
  { store, other }: LockHarness,
  work: (one: Party, two: Party) => Promise<void>,
): Promise<void> {
  const [one, two] = [new Party(store), new Party(other)];
  try {
    await work(one, two);
  } finally {
    await Promise.all([one.ear.close(), two.ear.close()]);
  }
}
