import { ParleyError, withDeadline } from '@parley/cache-core/kernel';
import type { Clock } from '@parley/cache-core/kernel';

/** Slots were not held any more while the work went on: it took longer than a lease, and they could not be renewed. */
export class SlotsLost extends ParleyError {
  declare readonly code: 'SLOTS_LOST';
  static {
    Object.defineProperty(this.prototype, 'name', {
      value: 'SlotsLost',
      configurable: true,
      writable: true,
    });
  }
  constructor(holder: string, leaseMs: number) {
    super('The slots are not held any more', { code: 'SLOTS_LOST', evidence: { holder, leaseMs } });
  }
}

export interface SlotRunOptions<T> {
  readonly clock: Clock;
  readonly holder: string;
  readonly leaseMs: number;
  /** When the slots were asked for. */
  readonly since: number;
  readonly renew: (signal: AbortSignal) => Promise<boolean>;
  readonly release: () => Promise<unknown>;
  readonly signal?: AbortSignal | undefined;
  readonly work: (signal: AbortSignal) => PromiseLike<T> | T;
}

/** Works with slots, renews them meanwhile, and gives them back. The work is told by its signal when they are lost, by the local clock too. */
export async function runWithSlots<T>(options: SlotRunOptions<T>): Promise<T> {
  const { clock, leaseMs, holder, renew, release, signal, work } = options;
  const over = new AbortController();
  const lost = new AbortController();
  const leave = (): void => lost.abort(signal?.reason);
  signal?.addEventListener('abort', leave, { once: true });
  if (signal?.aborted === true) leave();
  const keep = async (): Promise<void> => {
    let since = options.since;
    while (!over.signal.aborted) {
      await clock.sleep(leaseMs / 3, { signal: over.signal, unref: true });
      const asked = clock.monotonic();
      const leftMs = since + leaseMs - asked;
      try {
        const held =
          leftMs > 0 &&
          (await withDeadline(leftMs, renew, { clock, signal: over.signal, what: 'a renewal' }));
        if (!held) break;
        since = asked;
      } catch {
        // There is time for another try, or the next look finds that there is not.
      }
    }
    if (!over.signal.aborted) lost.abort(new SlotsLost(holder, leaseMs));
  };
  keep().catch(() => undefined);
  try {
    return await work(lost.signal);
  } finally {
    over.abort();
    signal?.removeEventListener('abort', leave);
    // They come back by themselves when the lease is over.
    await release().catch(() => undefined);
  }
}
