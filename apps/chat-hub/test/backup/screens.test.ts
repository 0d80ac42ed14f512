import { randomBytes } from 'node:crypto';
import { connectHub, type Hub, type Positions } from '@parley/hub-client';
import { freePort, until } from '@parley/services';
import { expect, test } from 'vitest';
import { openKeep } from '../support/keeping-world.ts';
import { found, takeBackup } from '../support/settled.ts';

/** What survives a client: where it stood. */
function memory() {
  let kept: Positions | undefined;
  return {
    get epoch() {
      return kept?.epoch;
    },
    load: () => kept,
    save: (positions: Positions) => void (kept = positions),
  };
}

/** Everything of the channels that somebody sees, in an order of its own. */
function screenOf(client: Hub): unknown {
  const { channels, users } = client.snapshot();
  return [...channels.values()]
    .map(({ channel, position, current, messages, threads, members, reading, outgoing }) => ({
      channel,
      position,
      current,
      messages,
      threads: [...threads].map(([id, thread]) => [id, thread.messages]),
      members: [...(members?.values() ?? [])].toSorted((a, b) => (a.userId < b.userId ? -1 : 1)),
      names: [...(members?.keys() ?? [])]
        .map((id) => users.get(id)?.displayName ?? '')
        .toSorted((a, b) => (a < b ? -1 : 1)),
      reading,
      outgoing,
    }))
    .toSorted((a, b) => (a.channel.id < b.channel.id ? -1 : 1));
}

async function lookAt(client: Hub, channels: readonly string[], root: string): Promise<void> {
  for (const id of channels) {
    await client.loadMembers(id);
    while (await client.loadOlder(id));
  }
  await client.loadThread(channels[0] ?? '', root);
}

test(
  'clients of two nodes live through a backup, a wipe and a restoration, and show in the end what a new client shows',
  { timeout: 240_000 },
  async () => {
    await using keep = await openKeep('postgres');
    const clients: Hub[] = [];
    using _ = { [Symbol.dispose]: () => clients.forEach((client) => client.close()) };
    const ports = [await freePort(), await freePort()];
    const start = async () => {
      const nodes = [];
      for (const port of ports) nodes.push(await keep.open({ port }));
      const urls = [];
      for (const node of nodes) urls.push(await node.listen());
      return { nodes, urls };
    };
    const { nodes, urls } = await start();
    const [node] = nodes;
    if (node === undefined) throw new Error('there are two nodes');
    const settled = await found(node, randomBytes(300_000));
    const connect = (at: number, token: string, positions = memory()): Hub => {
      const client = connectHub({ url: urls[at] ?? '', token, positions, maxPauseMs: 300 });
      clients.push(client);
      return client;
    };
    const kept = [memory(), memory(), memory()];
    const [ann, adam, away] = [
      connect(0, settled.owner, kept[0]),
      connect(1, settled.admin, kept[1]),
      connect(1, settled.admin, kept[2]),
    ];
    await Promise.all([ann.ready, adam.ready, away.ready]);

    const { room } = settled;
    const root = await ann.send(room, { content: 'the beginning of a thread' }).message;
    await adam.send(room, { content: 'in it', threadId: root.id }).message;
    const told = await adam.send(room, { content: 'as it was' }).message;
    const lab = await ann.call('createChannel', { body: { kind: 'public', name: 'lab' } });
    await adam.call('joinChannel', { params: { channelId: lab.id } });
    for (const client of [ann, adam, away]) await lookAt(client, [room, lab.id], root.id);
    const epoch = kept[0]?.epoch;
    const backup = await takeBackup(node, settled.owner);

    // What nobody is to see afterwards, though all of them have seen it.
    await adam.call('editMessage', {
      params: { channelId: room, messageId: told.id },
      body: { content: 'edited after the backup' },
    });
    await ann.call('deleteMessage', { params: { channelId: room, messageId: root.id } });
    await adam.call('leaveChannel', { params: { channelId: lab.id } });
    await adam.call('updateMe', { body: { displayName: 'Adam of later' } });
    const later = await ann.call('createChannel', { body: { kind: 'public', name: 'later' } });
    for (let i = 0; i < 30; i += 1) await ann.send(room, { content: `after the backup ${i}` }).message;
    ann.markRead(room);
    await until(
      () =>
        [adam, away].every((client) =>
          client
            .snapshot()
            .channels.get(room)
            ?.messages.some(({ content }) => content.endsWith(' 29')),
        ),
      { what: 'all have seen it' },
    );
    away.close();

    await keep.wipe();
    expect(await keep.restore(backup)).toMatchObject({ lostFiles: 0 });
    await start();
    const back = connect(1, settled.admin, kept[2]);
    const all = [ann, adam, back];
    await until(() => kept.every((one) => one.epoch !== epoch), {
      what: 'all are told of the other epoch',
      deadline: 60_000,
    });
    await until(() => all.every((client) => client.snapshot().connection.phase === 'live'), {
      what: 'all are connected',
    });
    for (const [nth, client] of all.entries()) await client.send(room, { content: `again ${nth}` }).message;

    const fresh = [connect(1, settled.owner), connect(0, settled.admin), connect(0, settled.admin)];
    for (const client of fresh) {
      await client.ready;
      await lookAt(client, [room, lab.id], root.id);
    }
    // Who had left a channel that they are in again hears of it a moment after the connection is there.
    await until(() => all.every((client) => client.snapshot().channels.has(lab.id)), {
      what: 'all are in the channels that they were in',
    });
    // Members and threads that were loaded went with the epoch, and are loaded anew by who shows them.
    for (const client of all) await lookAt(client, [room, lab.id], root.id);
    for (const [nth, client] of all.entries()) {
      const other = fresh[nth];
      if (other === undefined) throw new Error('there is one for each');
      await expect.poll(() => screenOf(client), { timeout: 30_000 }).toEqual(screenOf(other));
      const shown = JSON.stringify(screenOf(client));
      expect(shown).not.toContain('after the backup');
      expect(shown).not.toContain(later.id);
      expect(shown).not.toContain('Adam of later');
      expect(shown).toContain('the beginning of a thread');
    }
  },
);
