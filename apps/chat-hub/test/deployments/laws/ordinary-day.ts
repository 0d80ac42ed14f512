import { connectHub, type ChannelState, type Hub } from '@parley/hub-client';
import { streamMessage } from '@parley/hub-client/streams';
import { until } from '@parley/services';
import { expect, test } from 'vitest';
import type { Deployment } from '../../support/deployment.ts';
import type { Resident } from '../../support/workspace.ts';

/** What holds while nothing is wrong: whatever people and agents do at one node, all see at every node. */
export function ordinaryDay(deployed: () => Deployment): void {
  test('people and agents at different nodes see the same of everything', { timeout: 120_000 }, async () => {
    const { nodes, workspace } = deployed();
    await using company = await gather(deployed(), {
      ann: await workspace.add('ann', 'person'),
      bob: await workspace.add('bob', 'person'),
      coder: await workspace.add('coder'),
    });
    const { ann, bob, coder, ids } = company;
    const { id: channelId } = await ann.call('createChannel', {
      body: { kind: 'private', name: 'lab', members: [ids.bob, ids.coder] },
    });
    const shown = (client: Hub): ChannelState | undefined => client.snapshot().channels.get(channelId);
    const everybody = [ann, bob, coder];
    await company.all('the channel is there for all', () => everybody.every(shown));

    const root = await ann.send(channelId, { content: 'who can help? @coder' }).message;
    await company.all('the agent is called', () => shown(coder)?.reading.mentions === 1);
    await company.all(
      'and nobody else',
      () => shown(bob)?.reading.unread === 1 && shown(bob)?.reading.mentions === 0,
    );

    const reply = await coder.send(channelId, { content: 'I can', threadId: root.id }).message;
    await coder.call('addReaction', { params: { channelId, messageId: root.id, emoji: 'wave' } });
    await bob.call('addReaction', { params: { channelId, messageId: root.id, emoji: 'wave' } });
    const draft = await bob.send(channelId, { content: 'me to' }).message;
    await bob.call('editMessage', {
      params: { channelId, messageId: draft.id },
      body: { content: 'me too' },
    });
    const slip = await bob.send(channelId, { content: 'a slip' }).message;
    await bob.call('deleteMessage', { params: { channelId, messageId: slip.id } });
    await ann.call('pinMessage', { params: { channelId, messageId: root.id } });
    const stream = streamMessage(coder, channelId, { replyTo: root.id });
    for (const word of ['On', ' my', ' way']) stream.append(word);
    await stream.finish();
    await ann.call('updateChannel', { params: { channelId }, body: { topic: 'what we try' } });

    const page = await ann.call('listMessages', { params: { channelId }, query: { limit: 200 } });
    const contents = page.items.filter(({ kind }) => kind === 'message').map(({ content }) => content);
    expect(contents).toEqual(['who can help? @coder', 'me too', '', 'On my way']);
    expect(page.items.find(({ id }) => id === root.id)).toMatchObject({
      reactions: [{ emoji: 'wave', userIds: [ids.coder, ids.bob] }],
      thread: { replies: 1 },
      mentions: { users: [ids.coder] },
    });
    await company.all('all has arrived', () => everybody.every((one) => shown(one)?.position === page.seq));
    // Somebody who was there all the time, and somebody who comes now, at each node.
    const late = await Promise.all(nodes.map(({ url }) => company.enter(url, 'bob')));
    for (const client of [...everybody, ...late]) {
      await client.loadOlder(channelId);
      await client.loadThread(channelId, root.id);
      expect(shown(client)?.messages).toEqual(page.items);
      expect(
        shown(client)
          ?.threads.get(root.id)
          ?.messages.map(({ id }) => id),
      ).toEqual([reply.id]);
      expect(shown(client)?.channel).toMatchObject({ topic: 'what we try', memberCount: 3 });
      expect(shown(client)?.pins.map(({ id }) => id)).toEqual([root.id]);
    }

    bob.markRead(channelId);
    await company.all('what bob has read at one place is read at all', () =>
      [bob, ...late].every((one) => shown(one)?.reading.unread === 0),
    );
    await company.all('for the others it is as before', () => (shown(coder)?.reading.unread ?? 0) > 0);

    const direct = await ann.call('openDirect', { body: { userIds: [ids.coder] } });
    await ann.send(direct.id, { content: 'between us' }).message;
    const between = (client: Hub) =>
      client
        .snapshot()
        .channels.get(direct.id)
        ?.messages.map(({ content }) => content);
    await company.all('the agent is told', () => between(coder)?.at(-1) === 'between us');
    expect([bob, ...late].map(between)).toEqual(Array.from({ length: nodes.length + 1 }, () => undefined));

    await ann.call('deleteMember', { params: { channelId, userId: ids.bob } });
    await company.all('bob is out, wherever he sits', () =>
      [bob, ...late].every((one) => shown(one) === undefined),
    );
    const secret = await ann.send(channelId, { content: 'without bob' }).message;
    await company.all('the agent goes on', () => shown(coder)?.messages.at(-1)?.id === secret.id);
    await expect(bob.call('listMessages', { params: { channelId } })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
}

type Names = 'ann' | 'bob' | 'coder';

interface Company extends Readonly<Record<Names, Hub>>, AsyncDisposable {
  readonly ids: Readonly<Record<Names, string>>;
  /** One more client of somebody. */
  readonly enter: (url: string, who: Names) => Promise<Hub>;
  readonly all: (what: string, holds: () => boolean) => Promise<unknown>;
}

/** Each sits at another node, as far as there are so many. */
async function gather({ nodes }: Deployment, people: Readonly<Record<Names, Resident>>): Promise<Company> {
  const open: Hub[] = [];
  const enter = async (url: string, who: Names): Promise<Hub> => {
    const client = connectHub({ url, token: people[who].token, maxPauseMs: 500 });
    open.push(client);
    await client.ready;
    return client;
  };
  const at = (node: number): string => nodes[node % nodes.length]?.url ?? '';
  return {
    ann: await enter(at(0), 'ann'),
    bob: await enter(at(1), 'bob'),
    coder: await enter(at(2), 'coder'),
    ids: { ann: people.ann.id, bob: people.bob.id, coder: people.coder.id },
    enter,
    all: (what, holds) => until(holds, { what }),
    async [Symbol.asyncDispose]() {
      for (const client of open) client.close();
    },
  };
}
