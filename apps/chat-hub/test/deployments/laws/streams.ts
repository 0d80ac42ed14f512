import { connectHub, type Hub } from '@parley/hub-client';
import { streamMessage } from '@parley/hub-client/streams';
import type { Message } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { expect, test } from 'vitest';
import type { Deployment } from '../../support/deployment.ts';

/** What holds of a message that grows, in any deployment. */
export function streamLaw(deployed: () => Deployment): void {
  test(
    'a text is seen at every node as it grows and is one message; when its author and its node die, it ends with what was heard',
    { timeout: 120_000 },
    async () => {
      const { nodes, members, owner } = deployed();
      const [writer, reader] = members;
      const node = nodes.at(-1);
      const { id: channelId } = await owner.call('createChannel', {
        body: { kind: 'private', name: 'growing', members: members.map(({ id }) => id) },
      });
      const open: Hub[] = [];
      const enter = async (url = '', token = ''): Promise<Hub> => {
        const client = connectHub({ url, token, maxPauseMs: 500 });
        open.push(client);
        await client.ready;
        return client;
      };
      try {
        const author = await enter(node?.url, writer?.token);
        const readers = await Promise.all(nodes.map(({ url }) => enter(url, reader?.token)));
        const shown = (client: Hub, id: string): Message | undefined =>
          client
            .snapshot()
            .channels.get(channelId)
            ?.messages.find((message) => message.id === id);
        const all = (what: string, holds: (client: Hub) => boolean) =>
          until(() => readers.every(holds), { what, deadline: 60_000 });
        const logged = async (messageId: string): Promise<string[]> => {
          const query = { after: 0, limit: 200 };
          const { items } = await owner.call('readLog', { params: { channelId }, query });
          return items.flatMap(({ event }) =>
            'message' in event && event.message.id === messageId ? [event.type] : [],
          );
        };

        const finished = streamMessage(author, channelId, { model: 'm1' });
        const { id } = await finished.message;
        finished.append('all of it');
        await finished.finish();
        await all('its end is seen', (client) => shown(client, id)?.streaming === 'done');
        for (const client of readers) expect(shown(client, id)?.content).toBe('all of it');
        expect(await logged(id)).toEqual(['channel.message', 'channel.message.edit']);

        const begun = { content: '', streaming: 'open', turnId: 'turn', model: 'm1' } as const;
        const lost = (await author.send(channelId, begun).message).id;
        await all('its beginning is seen', (client) => shown(client, lost)?.streaming === 'open');
        // Said again and again: what is kept nowhere may be lost on the way to who has just come.
        const say = (): number => author.append(channelId, lost, 0, 'so far');
        const hearsIt = (client: Hub): boolean => shown(client, lost)?.content === 'so far';
        await until(() => say() > 0 && readers.every(hearsIt), {
          what: 'the text is seen at every node',
          every: 100,
          deadline: 60_000,
        });
        const isNoted = async (): Promise<boolean> =>
          say() > 0 &&
          (await owner.call('readMessage', { params: { channelId, messageId: lost } })).content === 'so far';
        await until(isNoted, { what: 'it is noted', every: 100, deadline: 60_000 });
        author.close();
        await node?.kill();
        if (nodes.length === 1) await node?.start();
        const survivors = nodes.length === 1 ? readers : readers.slice(0, -1);
        await until(() => survivors.every((client) => shown(client, lost)?.streaming === 'cut'), {
          what: 'it is ended by a node that lives',
          deadline: 60_000,
        });
        if (nodes.length > 1) await node?.start();
        await all('its end is seen at every node', (client) => shown(client, lost)?.streaming === 'cut');
        for (const client of readers)
          expect(shown(client, lost)).toMatchObject({ content: 'so far', turnId: 'turn', model: 'm1' });
        expect(await logged(lost)).toEqual(['channel.message', 'channel.message.edit']);
      } finally {
        for (const client of open) client.close();
      }
    },
  );
}
