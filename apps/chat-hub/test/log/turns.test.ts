import { virtualClock } from '@parley/cache-core/kernel';
import { beforeEach, describe, expect, test } from 'vitest';
import { Turns } from '../../src/log/turns.ts';

/** What is under way ends when it is told to. */
interface Work {
  readonly end: () => void;
  readonly done: Promise<void>;
}

describe('turns in a channel', () => {
  let clock: ReturnType<typeof virtualClock>;
  let turns: Turns;
  let began: string[];
  let wanted: boolean;
  let freed: number;
  beforeEach(() => {
    clock = virtualClock();
    turns = new Turns({ clock, connections: 10 });
    [began, wanted, freed] = [[], false, 0];
    turns.attend({ wants: () => wanted, onFree: () => (freed += 1) });
  });

  const change = (name: string, signal?: AbortSignal): Work => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = (): Promise<void> => {
      began.push(name);
      return promise;
    };
    return { end: resolve, done: turns.change('c', work, { signal }) };
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  test('a change waits for the commit that is under way, and the next commit for the change', async () => {
    turns.take('c');
    const one = change('one');
    await settle();
    expect(began).toEqual([]);
    turns.release('c');
    await settle();
    expect(began).toEqual(['one']);
    expect([turns.isHeld('c'), turns.isHeld('d')]).toEqual([true, false]);
    one.end();
    await one.done;
    expect([turns.isHeld('c'), freed]).toEqual([false, 1]);
  });

  test('changes and messages come by turns, so that neither keeps the other waiting', async () => {
    const [one, two, three] = [change('one'), change('two'), change('three')];
    wanted = true;
    one.end();
    await one.done;
    // The messages may go now, and only they.
    expect([turns.isHeld('c'), freed, began]).toEqual([false, 1, ['one']]);
    turns.take('c');
    turns.release('c');
    await settle();
    expect(began).toEqual(['one', 'two']);
    wanted = false;
    two.end();
    await settle();
    expect(began).toEqual(['one', 'two', 'three']);
    three.end();
    await Promise.all([two.done, three.done]);
    expect(turns.isHeld('c')).toBe(false);
  });

  test('a change that fails ends its turn', async () => {
    await expect(turns.change('c', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(turns.isHeld('c')).toBe(false);
  });

  test('a change that hangs keeps its turn for a tenth of a second, and nobody waits longer than that for one', async () => {
    const hangs = change('hangs');
    const waits = [change('waits'), change('waits, too')];
    await clock.advance(99);
    expect(began).toEqual(['hangs']);
    await clock.advance(1);
    await settle();
    expect(began).toEqual(['hangs', 'waits', 'waits, too']);
    expect(turns.isHeld('c')).toBe(false);
    // Of those that have had their time, none ends the turn of another one.
    turns.take('c');
    for (const work of [hangs, ...waits]) work.end();
    await Promise.all([hangs, ...waits].map(({ done }) => done));
    expect(turns.isHeld('c')).toBe(true);
  });

  test('where there is one connection, nobody holds a channel while waiting for it', async () => {
    turns = new Turns({ clock, connections: 1 });
    turns.take('c');
    const one = change('one');
    await settle();
    expect(began).toEqual(['one']);
    one.end();
    await one.done;
    expect(turns.isHeld('c')).toBe(true);
  });

  test('who gives up waiting does nothing, and takes the turn from nobody', async () => {
    turns.take('c');
    const stop = new AbortController();
    const gone = change('gone', stop.signal);
    const stays = change('stays');
    stop.abort();
    await expect(gone.done).rejects.toMatchObject({ code: 'ABORTED' });
    turns.release('c');
    await settle();
    expect(began).toEqual(['stays']);
    stays.end();
    await stays.done;
  });
});
