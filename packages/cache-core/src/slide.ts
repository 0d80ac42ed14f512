import type { Core } from './core.ts';
import type { Entry } from './entry.ts';
import type { Asked } from './lookup.ts';

/** A sliding entry that is used gets its whole ttl again, once a tenth of it is gone: not each time, which would be a write for every read. */
export function slide(core: Core, { space, key, storeKey }: Asked, entry: Entry): void {
  const now = core.clock.monotonic();
  if (now < entry.freshUntil - entry.freshMs * 0.9) return;
  entry.freshUntil = now + entry.freshMs;
  entry.keepUntil = now + entry.keepMs;
  core.remote.touch({ key: storeKey, freshMs: entry.freshMs, keepMs: entry.keepMs }).then(
    (existed) => {
      if (!existed) space.drop(key);
    },
    () => {},
  );
}

/** Gives the copy of this process a new life from now on: of an entry that no store holds there is no other. */
export function prolong(entry: Entry, freshMs: number, keepMs: number, now: number): void {
  const freshUntil = now + freshMs;
  entry.refreshFrom += freshUntil - entry.freshUntil;
  entry.freshUntil = freshUntil;
  entry.keepUntil = now + keepMs;
}
