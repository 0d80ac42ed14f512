import { connectHub, type Hub } from '@parley/hub-client';
import { until } from '@parley/services';
import { afterEach, describe, expect, it } from 'vitest';
import { hubDatabases, openTestHub } from '../support/hub.ts';

const open: (() => PromiseLike<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

describe.each(hubDatabases)('the client with a hub on %s', (kind) => {
  it(
    'counts what is unread as the hub does, also when it starts amid traffic',
    { timeout: 90_000 },
    async () => {
      const hub = await openTestHub(kind);
      open.push(() => hub[Symbol.asyncDispose]());
      const url = await hub.hub.listen();
      const [ada, bob] = [await hub.user('ada', { role: 'admin' }), await hub.user('bob')];
      const clientOf = async (token: string): Promise<Hub> => {
        const client = connectHub({ url, token, maxPauseMs: 200 });
        open.push(() => client.close());
        await client.ready;
        return client;
      };
      const writer = await clientOf(ada.token);
      const { id } = await writer.call('createChannel', {
        body: { kind: 'private', name: 'lab', members: [bob.id] },
      });
      const end = new AbortController();
      let written = 0;
      const traffic = (async () => {
        while (!end.signal.aborted) {
          written += 1;
          await writer.send(id, { content: written % 5 === 0 ? `${written} @bob` : `${written}` }).message;
        }
      })();
      const readers: Hub[] = [];
      for (let round = 1; round <= 8; round += 1) {
        const from = written;
        await until(() => written > from + 5, { what: 'there is traffic' });
        readers.push(await clientOf(bob.token));
      }
      end.abort();
      await traffic;
      const unreads = await readers[0]?.call('listUnreads');
      const counted = unreads?.items.find(({ channelId }) => channelId === id);
      expect(counted).toMatchObject({ unread: written, mentions: Math.floor(written / 5) });
      for (const reader of readers) {
        const shown = () => reader.snapshot().channels.get(id);
        await until(() => shown()?.position === counted?.seq, { what: 'all was applied' });
        expect(shown()?.reading).toMatchObject({ unread: counted?.unread, mentions: counted?.mentions });
      }
    },
  );
});
