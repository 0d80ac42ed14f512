import assert from 'node:assert/strict';
import type { Appended, Diff, View } from '../view.ts';
import { LogFollower } from './log-follower.ts';

/** What all who changed something were told together, in whatever order they came to hear it. */
export class LogLedger {
  readonly #logs = new Map<string, Map<number, Diff>>();
  readonly #lineOf: (epoch: string) => string;

  /** @param lineOf what stays the same of an epoch where a log goes on in another one, such as on another server */
  constructor(lineOf = (epoch: string): string => epoch) {
    this.#lineOf = lineOf;
  }

  take(appended: readonly Appended[]): void {
    for (const { channel, epoch, diffs } of appended) {
      const name = `${channel} ${this.#lineOf(epoch)}`;
      const log = this.#logs.get(name) ?? new Map<number, Diff>();
      this.#logs.set(name, log);
      for (const diff of diffs) {
        assert(!log.has(diff.offset), `diff ${diff.offset} of ${channel} was told twice`);
        log.set(diff.offset, diff);
      }
    }
  }

  /** Asserts that what was told explains who is there: no diff is missing, and each user joins and leaves in turn. */
  verify(channel: string, { epoch, top, users, members = [] }: View): void {
    const log = this.#logs.get(`${channel} ${this.#lineOf(epoch)}`) ?? new Map<number, Diff>();
    const diffs = [...log.values()].toSorted((one, other) => one.offset - other.offset);
    assert.equal(log.size, top, `as much must have been told of ${channel} as is in its log`);
    const follower = new LogFollower();
    follower.take(epoch, diffs);
    const there = members.map(({ user, rank, value }) => `${user} ${rank} ${value}`.trimEnd());
    assert.deepEqual(there.toSorted(), follower.words);
    assert.equal(users, there.length);
  }
}
