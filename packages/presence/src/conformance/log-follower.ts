import assert from 'node:assert/strict';
import type { Diff } from '../view.ts';

/** Follows the log of a channel and checks each diff: no hole, and joins and leaves of a user in turn. */
export class LogFollower {
  readonly members = new Map<string, string>();
  epoch = '';
  top = 0;

  take(epoch: string, diffs: readonly Diff[]): void {
    if (this.epoch !== epoch) {
      assert.equal(this.top, 0, 'the epoch changed although nothing was lost or forgotten');
      this.epoch = epoch;
    }
    for (const { offset, event, user, rank, value } of diffs) {
      assert.equal(offset, this.top + 1, 'offsets must have no holes');
      this.top = offset;
      const before = this.members.get(user);
      const now = `${rank} ${value}`.trimEnd();
      assert.equal(
        event === 'join',
        before === undefined,
        `${event} of ${user}, who was ${before ?? 'away'}`,
      );
      if (event === 'update') assert.notEqual(now, before, 'an update must change something');
      if (event === 'leave') this.members.delete(user);
      else this.members.set(user, now);
    }
  }

  get words(): string[] {
    return [...this.members].map(([user, told]) => `${user} ${told}`).toSorted();
  }
}
