import { callHubAsAdmin } from '@parley/hub-client/admin';
import { until } from '@parley/services';
import { expect, test } from 'vitest';
import type { Deployment } from '../../support/deployment.ts';
import { startTarget } from '../../support/target.ts';

/** What programs of others are told of and asked, whichever node it happens at. */
export function webhookLaws(deployed: () => Deployment): void {
  test('what happens at any node is told once, and an agent at one node answers what was typed at another', async () => {
    const { nodes, workspace } = deployed();
    const target = await startTarget();
    try {
      const agent = await workspace.add(`helper-${Date.now()}`);
      const at = (url: string, token: string) => callHubAsAdmin({ url, token });
      const owners = nodes.map(({ url }) => at(url, workspace.owner.token));
      const [owner, last] = [owners[0], owners.at(-1)];
      if (owner === undefined || last === undefined) throw new RangeError('there is no node');
      const { id: channelId } = await owner('createChannel', {
        body: { kind: 'private', name: `hooks-${Date.now()}`, members: [agent.id] },
      });
      const params = { channelId };
      const { webhook } = await owner('createWebhook', {
        params,
        body: { name: 'archive', url: target.url, events: ['channel.message'] },
      });
      const count = 10;
      for (let i = 0; i < count; i += 1)
        for (const call of owners)
          await call('sendMessage', { params, body: { content: 'x', clientId: crypto.randomUUID() } });
      const told = async (): Promise<boolean> => {
        const { items } = await owner('listDeliveries', { params: { channelId, webhookId: webhook.id } });
        const done = items.filter(({ state }) => state === 'delivered');
        return done.length === count * owners.length;
      };
      await until(told, { what: 'everything is told', deadline: 60_000 });
      const ids = target.calls.map(({ headers }) => headers['webhook-id']);
      expect(new Set(ids).size).toBe(count * owners.length);

      const answering = at(nodes[0]?.url ?? '', agent.token);
      await answering('createCommand', { params, body: { name: 'plan' } });
      const typed = last('callCommand', { params, body: { clientId: crypto.randomUUID(), text: '/plan x' } });
      const open = async () =>
        (await answering('listCommandCalls')).items.find((call) => call.channelId === channelId);
      const call = await until(open, { what: 'it is typed' });
      const callId = call?.id ?? '';
      await answering('answerCommandCall', { params: { callId }, body: { content: 'planned' } });
      await typed;
      const { state, answers } = await last('readCommandCall', { params: { callId } });
      expect([state, answers.map(({ content }) => content)]).toEqual(['answered', ['planned']]);
    } finally {
      await target.close();
    }
  });
}
