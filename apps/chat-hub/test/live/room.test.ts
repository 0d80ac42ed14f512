import { virtualClock } from '@parley/cache-core/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Follower, type Outlet } from '../../src/live/follower.ts';
import type { Entry, LogReader, RoomNews } from '../../src/live/log-reader.ts';
import { Room } from '../../src/live/room.ts';

const entry = (seq: number, news?: RoomNews): Entry => ({ seq, line: `e${seq}`, ...(news && { news }) });

const upTo = (last: number, first = 1): Entry[] =>
  Array.from({ length: last - first + 1 }, (_, i) => entry(first + i));

/** A log, and how often it was asked. */
class Log implements LogReader {
  entries: Entry[] = [];
  reads = 0;
  fails = false;

  read = async (_: string, after: number, limit: number): Promise<readonly Entry[]> => {
    this.reads += 1;
    if (this.fails) throw new Error('the database is away');
    return this.entries.filter(({ seq }) => seq > after).slice(0, limit);
  };
}

class Socket implements Outlet {
  congested = false;
  readonly lines: string[] = [];
  readonly told: string[] = [];
  #then: (() => void)[] = [];

  write = (lines: string): void => void this.lines.push(...lines.split('\n'));

  whisper = this.write;

  whenRoomy = (then: () => void): void => {
    if (this.congested) this.#then.push(then);
    else then();
  };

  drain(): void {
    this.congested = false;
    for (const then of this.#then.splice(0)) then();
  }
}

function setUp({ head = 0, news = (): void => {} } = {}) {
  const clock = virtualClock();
  const log = new Log();
  const errors: unknown[] = [];
  const room = new Room({
    channelId: 'c',
    head,
    log,
    clock,
    onNews: news,
    onError: (error) => errors.push(error),
  });
  const follow = (position = head): { socket: Socket; follower: Follower } => {
    const socket = new Socket();
    const follower = new Follower({
      room,
      outlet: socket,
      position,
      onCaughtUp: (_, at) => socket.told.push(`caught up ${at}`),
      onResync: (_, at) => socket.told.push(`resync ${at}`),
      onFailed: (error) => errors.push(error),
    });
    return { socket, follower };
  };
  return { clock, log, room, follow, errors };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const names = (entries: readonly Entry[]): string[] => entries.map(({ line }) => line);

describe('what a room is told', () => {
  test('reaches all who follow, once and in order', () => {
    const { room, follow } = setUp();
    const one = follow().socket;
    const two = follow().socket;
    room.tell(upTo(3));
    room.tell(upTo(4));
    expect(one.lines).toEqual(['e1', 'e2', 'e3', 'e4']);
    expect(two.lines).toEqual(one.lines);
  });

  test('waits when it comes ahead of its turn, and costs no reading when the rest comes in time', async () => {
    const { room, follow, log, clock } = setUp();
    const { socket } = follow();
    room.tell([entry(3), entry(2)]);
    expect(socket.lines).toEqual([]);
    await clock.advance(10);
    room.tell([entry(1)]);
    expect(socket.lines).toEqual(['e1', 'e2', 'e3']);
    await clock.advance(100);
    expect(log.reads).toBe(0);
  });

  test('is read from the log when something does not come', async () => {
    const { room, follow, log, clock } = setUp();
    const { socket } = follow();
    log.entries = upTo(5);
    room.tell([entry(4)]);
    await clock.advance(100);
    await settled();
    expect(socket.lines).toEqual(names(upTo(5)));
  });

  test('is read when the log is known to be longer, and a log that fails is asked again', async () => {
    const { room, follow, log, errors } = setUp();
    const { socket } = follow();
    log.entries = upTo(600);
    log.fails = true;
    await room.reach(600);
    expect(errors).toHaveLength(1);
    log.fails = false;
    await room.reach(600);
    expect(socket.lines).toEqual(names(upTo(600)));
  });

  test('stays whole whatever is dropped, repeated and reordered on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 120 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }),
        async (told, joins) => {
          const { room, follow, log, clock } = setUp();
          log.entries = upTo(40);
          const followers = [0, ...joins].map((position) => ({ position, ...follow(position) }));
          for (const [i, seq] of told.entries()) {
            room.tell([entry(seq)]);
            if (i % 7 === 0) await clock.advance(30);
          }
          await room.reach(40);
          await clock.advance(30);
          for (let i = 0; i < 5; i += 1) await settled();
          for (const { position, socket } of followers) {
            expect(socket.lines).toEqual(names(upTo(40, position + 1)));
          }
        },
      ),
    );
  });
});

describe('news of rights', () => {
  test('are heard, and nothing behind them by who lost the right', () => {
    const gone: { socket: Socket; follower: Follower }[] = [];
    const { room, follow } = setUp({ news: () => gone[0]?.follower.end() });
    gone.push(follow());
    const stays = follow().socket;
    room.tell([entry(1), entry(2, { type: 'channel.member.leave', userId: 'u' }), entry(3)]);
    expect(gone[0]?.socket.lines).toEqual(['e1', 'e2']);
    expect(stays.lines).toEqual(['e1', 'e2', 'e3']);
  });

  test('that were not told yet are not passed by reading on', async () => {
    const { log, room, follow } = setUp({ head: 600 });
    log.entries = [...upTo(600), entry(601, { type: 'channel.member.leave', userId: 'u' }), entry(602)];
    const { socket, follower } = follow(590);
    await settled();
    follower.end();
    expect(socket.lines).toEqual(names(upTo(600, 591)));
    expect(room.head).toBe(600);
  });
});

describe('what was edited away or deleted', () => {
  test.each(['channel.message.edit', 'channel.message.delete'])(
    'is not told again to who comes later: %s',
    async (type) => {
      const { room, follow, log } = setUp();
      room.tell([entry(1), entry(2), entry(3, { type })]);
      log.entries = [{ seq: 1, line: 'e1 as it is now' }, entry(2), entry(3, { type })];
      const { socket } = follow(0);
      for (let i = 0; i < 5; i += 1) await settled();
      expect(socket.lines).toEqual(['e1 as it is now', 'e2', 'e3']);
    },
  );
});

describe('who comes back', () => {
  test('is sent the end of the log without reading it for each', async () => {
    const { follow, log } = setUp({ head: 600 });
    log.entries = upTo(600);
    for (const position of [530, 520, 540, 599]) {
      const { socket } = follow(position);
      for (let i = 0; i < 5; i += 1) await settled();
      expect(socket.lines).toEqual(names(upTo(600, position + 1)));
    }
    expect(log.reads).toBe(1);
  });
});

describe('a follower', () => {
  test('that comes back is told what it missed, and then that it has it all', async () => {
    const { log, follow } = setUp({ head: 700 });
    log.entries = upTo(700);
    const { socket, follower } = follow(100);
    for (let i = 0; i < 5; i += 1) await settled();
    expect(socket.lines).toEqual(names(upTo(700, 101)));
    expect(socket.told).toEqual(['caught up 700']);
    expect(follower.live).toBe(true);
  });

  test('that is slow is told nothing until there is room, loses nothing, and holds up nobody', async () => {
    const { room, log, follow } = setUp();
    const slow = follow().socket;
    const quick = follow().socket;
    slow.congested = true;
    for (let seq = 1; seq <= 900; seq += 1) room.tell([entry(seq)]);
    log.entries = upTo(900);
    expect(quick.lines).toHaveLength(900);
    expect(slow.lines).toEqual([]);
    slow.drain();
    for (let i = 0; i < 10; i += 1) await settled();
    expect(slow.lines).toEqual(names(upTo(900)));
  });

  test('that missed too much is told to load anew, and goes on from there', async () => {
    const { room, follow } = setUp({ head: 6_000 });
    const { socket } = follow(10);
    room.tell([entry(6_001)]);
    await settled();
    expect(socket.told).toEqual(['resync 6000', 'caught up 6000']);
    expect(socket.lines).toEqual(['e6001']);
  });

  test('from a node that had heard more has its room read on', async () => {
    const { log, follow, room } = setUp({ head: 5 });
    log.entries = upTo(9);
    const { socket } = follow(8);
    for (let i = 0; i < 5; i += 1) await settled();
    expect(room.head).toBe(9);
    expect(socket.lines).toEqual(['e9']);
  });

  test('with a position that the log never reached is told to load anew', async () => {
    const { log, follow } = setUp({ head: 5 });
    log.entries = upTo(5);
    const { socket } = follow(8);
    for (let i = 0; i < 5; i += 1) await settled();
    expect(socket.told).toEqual(['resync 5', 'caught up 5']);
  });

  test('hears of a log that cannot be read', async () => {
    const { log, follow, errors } = setUp({ head: 600 });
    log.fails = true;
    follow(1);
    await settled();
    expect(errors).toHaveLength(1);
  });
});
