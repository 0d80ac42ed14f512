import { callHubAsAdmin } from '@parley/hub-client/admin';
import { ChainCheck, isHubError } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { expect, test } from 'vitest';
import type { Deployment } from '../../support/deployment.ts';

/** What those who run the hub do at one node holds at all, and is found in the audit log. */
export function administrationLaws(deployed: () => Deployment): void {
  test('a channel that is frozen at one node is so at all, and the chain of the audit log is whole', async () => {
    const { nodes, workspace } = deployed();
    const agent = await workspace.add(`froster-${Date.now()}`);
    const at = (url: string, token: string) => callHubAsAdmin({ url, token });
    const owner = at(nodes[0]?.url ?? '', workspace.owner.token);
    const { id: channelId } = await owner('createChannel', {
      body: { kind: 'private', name: `ice-${Date.now()}`, members: [agent.id] },
    });
    let count = 0;
    const say = (url: string): Promise<unknown> => {
      const message = { content: 'x', clientId: `${channelId}-${(count += 1)}` };
      return at(url, agent.token)('sendMessage', { params: { channelId }, body: message }).then(
        () => 'sent',
        (error: unknown) => (isHubError(error) ? error.code : error),
      );
    };
    const everywhere = () => Promise.all(nodes.map(({ url }) => say(url)));
    expect(new Set(await everywhere())).toEqual(new Set(['sent']));
    await owner('freezeChannel', { params: { channelId }, body: {} });
    expect(new Set(await everywhere())).toEqual(new Set(['FORBIDDEN']));
    await owner('unfreezeChannel', { params: { channelId } });
    expect(new Set(await everywhere())).toEqual(new Set(['sent']));

    const sealed = async (): Promise<boolean> => {
      const { items } = await owner('listAudit', { query: { channelId } });
      return items.length === 2 && items.every(({ seq }) => seq !== null);
    };
    await until(sealed, { what: 'freezing is sealed' });
    const check = new ChainCheck();
    for (;;) {
      const { items } = await owner('readAuditChain', { query: { after: check.head.seq } });
      if (items.length === 0) break;
      for (const record of items) expect(await check.add(record)).toBeUndefined();
    }
    expect(check.head.seq).toBeGreaterThan(5);
  });
}
