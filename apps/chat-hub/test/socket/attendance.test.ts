import { HubError, type ServerFrame } from '@parley/hub-protocol';
import { expect, test } from 'vitest';
import { openPresence } from '../../src/presence/hub-presence.ts';
import { Attendance } from '../../src/socket/attendance.ts';
import { PresenceLine } from '../support/presence-line.ts';

/** One connection, whose right to see a channel is looked at when the test says so. */
function attend() {
  const line = new PresenceLine();
  const { clock } = line;
  const presence = openPresence({
    presence: line.presence,
    profile: () => Promise.reject(new Error('nobody is an agent')),
    clock,
  });
  const looks: PromiseWithResolvers<number>[] = [];
  const head = (): Promise<number> => {
    const look = Promise.withResolvers<number>();
    looks.push(look);
    return look.promise;
  };
  const sent: ServerFrame[] = [];
  const failures: unknown[] = [];
  const attendance = new Attendance({
    services: { presence, chat: { logs: { head } } },
    caller: () => ({
      userId: 'eve',
      handle: 'eve',
      kind: 'person',
      role: 'member',
      scopes: ['read'],
      rev: 1,
      by: { kind: 'token', id: 'token' },
      expiresAt: undefined,
    }),
    session: undefined,
    follows: () => false,
    outlet: {
      whisper: () => true,
      tell: (_, text) => sent.push(JSON.parse(text)) > 0,
      whenCalm: () => {},
    },
    send: (frame) => sent.push(frame),
    onFailed: (error) => failures.push(error),
  });
  return { line, presence, attendance, looks, sent, failures };
}

test('what has waited for its turn when the connection ended is not watched', async () => {
  const { line, presence, attendance, looks, sent } = attend();
  const first = attendance.watch('lab');
  expect(presence.figures().watches).toBe(1);
  attendance.end('lost');
  expect(presence.figures().watches).toBe(0);
  looks[0]?.resolve(0);
  await first;
  const second = attendance.watch('lab');
  looks[1]?.resolve(0);
  await line.pass(10_000);
  await second;
  expect(presence.figures()).toMatchObject({ watches: 0, watchedChannels: 0 });
  expect(sent).toEqual([]);
});

test('a right that changes while the store is away is looked at again, and closes nothing', async () => {
  const { line, presence, attendance, looks, sent, failures } = attend();
  line.isAway = true;
  const refused = attendance.watch('lab').catch((error: unknown) => error);
  looks[0]?.resolve(0);
  await line.pass(1_000);
  attendance.left('lab');
  for (const look of looks) look.resolve(0);
  await line.pass(10_000);
  expect(await refused).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  expect(failures).toEqual([]);
  expect(presence.figures().watches).toBe(0);

  line.isAway = false;
  await line.pass(5_000);
  looks.length = 0;
  const again = attendance.watch('lab');
  await line.pass(1_000);
  attendance.left('lab');
  looks[0]?.resolve(0);
  await line.pass(1_000);
  expect(sent).toEqual([]);
  looks[1]?.reject(new HubError('NOT_FOUND', 'there is no such channel'));
  await expect(again).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(presence.figures().watches).toBe(0);
});

test('who watches and is removed is told of it, also while the store is away', async () => {
  const { line, presence, attendance, looks, sent, failures } = attend();
  const watching = attendance.watch('lab');
  looks[0]?.resolve(0);
  await watching;
  expect(sent).toMatchObject([{ type: 'roster', roster: { stale: false } }]);
  line.isAway = true;
  await line.pass(10_000);
  expect(sent.at(-1)).toMatchObject({ type: 'roster', roster: { stale: true } });
  const before = sent.length;
  attendance.left('lab');
  looks[1]?.reject(new HubError('NOT_FOUND', 'there is no such channel'));
  await line.pass(0);
  expect(sent.slice(before)).toEqual([{ type: 'gone', channelId: 'lab' }]);
  expect(failures).toEqual([]);
  expect(presence.figures().watches).toBe(0);
});
