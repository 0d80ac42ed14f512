import { setTimeout as sleep } from 'node:timers/promises';
import { isRetryable } from '@parley/cache-core/kernel';
import type { Message } from '@parley/hub-protocol';
import { startPostgres, startProxy } from '@parley/services';
import { expect, test, vi } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import type { LogEntry } from '../../src/live/feed.ts';
import { openWorldOn, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Sends as a client does: what is refused for now, or has no answer, is sent again with the same id. */
async function send(world: World, caller: Caller, channelId: string, clientId: string): Promise<Message> {
  for (;;) {
    const asked = performance.now();
    try {
      return await world.chat.messages.send(caller, channelId, { content: clientId, clientId });
    } catch (error) {
      // Whatever the database does, the call ends.
      expect(performance.now() - asked).toBeLessThan(30_000);
      if (!isRetryable(error)) throw error;
      await sleep(50);
    }
  }
}

interface Damage {
  readonly lost: string[];
  readonly doubled: string[];
  readonly holes: number[];
  readonly disordered: string[];
}

const none: Damage = { lost: [], doubled: [], holes: [], disordered: [] };

/** Two people send while the database has a bad time. Answers what became of what was acknowledged. */
async function sendDuring(url: string, badTime: (sent: () => number) => Promise<void>): Promise<Damage> {
  await using world = await openWorldOn(url);
  const people = [await world.user('ann'), await world.user('bob')] as const;
  const [ann, bob] = people;
  const { id } = await world.chat.channels.create(ann, {
    kind: 'private',
    name: 'room',
    members: [bob.userId],
  });
  const acknowledged: Message[] = [];
  const over = new AbortController();
  const writers = people.map(async (who) => {
    for (let i = 0; !over.signal.aborted; i += 1) {
      acknowledged.push(await send(world, who, id, `${who.handle} ${i}`));
      await sleep(2);
    }
  });
  await badTime(() => acknowledged.length);
  await some(() => acknowledged.length);
  over.abort();
  await Promise.all(writers);
  return damageOf(await readLog(world, id), acknowledged);
}

async function readLog(world: World, channelId: string): Promise<LogEntry[]> {
  const log: LogEntry[] = [];
  for (;;) {
    const entries = await world.chat.logs.read(channelId, log.length, 256);
    log.push(...entries);
    if (entries.length < 256) return log;
  }
}

function damageOf(log: readonly LogEntry[], acknowledged: readonly Message[]): Damage {
  const there = new Map<string, number[]>();
  for (const { type, event, seq } of log) {
    if (type !== 'channel.message') continue;
    const { message }: { message: Message } = JSON.parse(event);
    there.set(message.content, [...(there.get(message.content) ?? []), seq]);
  }
  const bySender = Map.groupBy(there.entries(), ([content]) => content.split(' ')[0]);
  return {
    lost: acknowledged
      .filter(({ content, seq }) => there.get(content)?.includes(seq) !== true)
      .map(({ content }) => content),
    doubled: [...there].filter(([, seqs]) => seqs.length > 1).map(([content]) => content),
    holes: log.filter(({ seq }, i) => seq !== i + 1).map(({ seq }) => seq),
    disordered: [...bySender.values()].flatMap((own) =>
      own.filter(([content], i) => content.split(' ')[1] !== `${i}`).map(([content]) => content),
    ),
  };
}

const some = async (sent: () => number, more = 20): Promise<void> => {
  const from = sent();
  while (sent() < from + more) await sleep(5);
};

test('nothing that was acknowledged is lost or doubled when Postgres dies in the middle and comes back', async () => {
  await using server = await startPostgres();
  const damage = await sendDuring(server.url, async (sent) => {
    for (let round = 0; round < 2; round += 1) {
      await some(sent);
      await server.kill();
      await server.restart({ data: 'keep' });
    }
  });
  expect(damage).toEqual(none);
});

test('nor when it hangs for longer than a call may take', async () => {
  await using server = await startPostgres();
  const damage = await sendDuring(server.url, async (sent) => {
    await some(sent);
    await server.pause();
    await sleep(12_000);
    await server.resume();
  });
  expect(damage).toEqual(none);
});

test('nor when its replies are lost on the way', async () => {
  await using server = await startPostgres();
  await using proxy = await startProxy({ target: server });
  const url = new URL(server.url);
  url.host = `${proxy.host}:${proxy.port}`;
  const damage = await sendDuring(url.href, async (sent) => {
    for (let round = 0; round < 5; round += 1) {
      await some(sent, 8);
      const loss = proxy.dropNextReply((request) => request.includes('log_append'), 'cut');
      expect(await loss.lost).toBe(true);
    }
  });
  expect(damage).toEqual(none);
});
