import assert from 'node:assert/strict';
import type { ListedSession, SessionStore, StoredSession } from '../session-store.ts';
import { longMs, newSession, rotating, unique, writing } from './harness.ts';

/** How many numbers decide what one step is. */
export const sessionStepNumbers = 5;

export type SessionStep = readonly number[];

/**
 * Plays the same steps on a store and on the model of it, which is the store in memory, and compares what each answers and what is there after
 * each step. No time passes that would make a difference.
 */
export async function playSessions(
  store: SessionStore,
  model: SessionStore,
  steps: readonly SessionStep[],
): Promise<void> {
  const game = new Game(store);
  for (const step of steps) {
    const play = game.next(step);
    const [answer, expected] = [await play(store), await play(model)];
    assert.deepEqual(answer, expected, `step ${step.join(' ')}`);
    assert.deepEqual(await game.look(store), await game.look(model), `after step ${step.join(' ')}`);
  }
}

type Play = (store: SessionStore) => Promise<unknown>;

/** What is named by steps: few names, so that they meet. */
class Game {
  readonly #store: SessionStore;
  readonly #users = [unique('ann'), unique('bob')];
  readonly #ids: string[] = [unique('id')];
  readonly #versions: string[] = [unique('v')];
  readonly #tokens = [unique('t'), unique('t')];

  constructor(store: SessionStore) {
    this.#store = store;
  }

  next([kind = 0, a = 0, b = 0, c = 0, d = 0]: SessionStep): Play {
    const id = pick(this.#ids, a);
    const user = b % 3 === 0 ? undefined : pick(this.#users, b);
    const seen = c % 3 === 0 ? undefined : pick(this.#versions, c);
    const ending = { token: pick(this.#tokens, c), stoneMs: longMs };
    // Now and then a version that was used before, as by whoever asks again.
    const version = d % 4 === 0 ? pick(this.#versions, d) : this.#newVersion();
    switch (kind % 7) {
      case 0:
      case 1: {
        const session = newSession({ id: d % 3 === 0 ? id : this.#newId(), version, user, data: `${d}` });
        return (store) => store.create(session);
      }
      case 2: {
        const owner = b % 4 === 0 ? null : user;
        const change = writing(id, { version, seen, user: owner, data: `${d}` });
        return (store) => store.write(change);
      }
      case 3: {
        const change = rotating(this.#store, id, {
          version,
          seen,
          user,
          data: d % 2 === 0 ? undefined : `${d}`,
        });
        this.#remember(change.to);
        return (store) => store.rotate(change);
      }
      case 4:
        return (store) => store.destroy([id, pick(this.#ids, d)], ending);
      case 5: {
        const which = [{}, { only: id }, { except: id }][d % 3];
        return (store) => store.destroyOf(user ?? pick(this.#users, d), { ...ending, ...which });
      }
      default:
        return (store) => store.touch(id, longMs);
    }
  }

  async look(store: SessionStore): Promise<unknown> {
    const sessions = [];
    for (const id of this.#ids) sessions.push(withoutTimes(await store.read(id)));
    const lists = [];
    for (const user of this.#users)
      lists.push((await store.list(user, 100)).map(({ id }: ListedSession) => id).toSorted());
    return { sessions, lists };
  }

  #newId(): string {
    const id = unique('id');
    this.#remember(id);
    return id;
  }

  #remember(id: string): void {
    this.#ids.push(id);
    if (this.#ids.length > 6) this.#ids.shift();
  }

  #newVersion(): string {
    const version = unique('v');
    this.#versions.push(version);
    if (this.#versions.length > 6) this.#versions.shift();
    return version;
  }
}

function withoutTimes(found: StoredSession | undefined): unknown {
  return found && { user: found.user ?? null, version: found.version, data: found.data };
}

function pick(list: readonly string[], number: number): string {
  return list[number % list.length] ?? '';
}
