import { callHub } from '@parley/hub-client';
import { expect, test } from 'vitest';
import type { Deployment } from '../../support/deployment.ts';
import type { Resident } from '../../support/workspace.ts';

/** What was said is found at every node from the moment on at which it was, and by nobody at any node who may not read it any more. */
export function searchLaws(deployed: () => Deployment): void {
  test('what is sent, edited, deleted, or not for somebody any more is so for searches at every node at once', async () => {
    const { nodes, workspace } = deployed();
    const name = `find${Date.now()}`;
    const [owner, seeker] = [workspace.owner, await workspace.add(`seeker-${Date.now()}`)];
    const at = (url: string, { token }: Resident) => callHub({ url, token });
    // Whoever changes something does it at another node each time.
    let turn = 0;
    const change = () => at(nodes[(turn += 1) % nodes.length]?.url ?? '', owner);
    const found = async (who: Resident, query: string): Promise<string[][]> =>
      Promise.all(
        nodes.map(async ({ url }) => {
          const { items } = await at(url, who)('searchMessages', { query: { query } });
          return items.map(({ message }) => message.content);
        }),
      );
    const everywhere = (...contents: string[]): string[][] => nodes.map(() => contents);

    const { id: channelId } = await change()('createChannel', {
      body: { kind: 'private', name, members: [seeker.id] },
    });
    const { message } = await change()('sendMessage', {
      params: { channelId },
      body: { content: `${name} first`, clientId: `${name}-1` },
    });
    await change()('sendMessage', {
      params: { channelId },
      body: { content: `${name} second`, clientId: `${name}-2` },
    });
    expect(await found(seeker, name)).toEqual(everywhere(`${name} second`, `${name} first`));
    const params = { channelId, messageId: message.id };
    await change()('editMessage', { params, body: { content: `${name} changed` } });
    expect(await found(seeker, `${name} first`)).toEqual(everywhere());
    expect(await found(seeker, `${name} changed`)).toEqual(everywhere(`${name} changed`));
    await change()('deleteMessage', { params });
    expect(await found(seeker, name)).toEqual(everywhere(`${name} second`));
    await change()('deleteMember', { params: { channelId, userId: seeker.id } });
    expect(await found(seeker, name)).toEqual(everywhere());
    expect(await found(owner, name)).toEqual(everywhere(`${name} second`));
    await change()('deleteChannel', { params: { channelId } });
    expect(await found(owner, name)).toEqual(everywhere());
  });
}
