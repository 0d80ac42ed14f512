import type { Agent } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PresenceWorld, type PresenceStoreKind } from '../support/presence-world.ts';

const kinds: readonly PresenceStoreKind[] = ['embedded', 'postgres', 'redis'];

describe.each(kinds)('on %s', { timeout: 60_000 }, (kind) => {
  let world: PresenceWorld;
  beforeAll(async () => {
    world = await PresenceWorld.open(kind);
    await world.user('boss', { role: 'owner' });
  }, 60_000);
  afterEach(() => world.disconnect());
  afterAll(() => world[Symbol.asyncDispose](), 60_000);

  const agent = async (name: string, capabilities: readonly string[]): Promise<string> => {
    const { id } = await world.user(name, { kind: 'agent' });
    const set = await world.ask('boss', 'PATCH', `/users/${id}`, { capabilities, model: 'model-1' });
    expect(set.statusCode).toBe(200);
    return id;
  };
  const list = async (query = ''): Promise<Agent[]> =>
    (await world.ask('eve', 'GET', `/agents${query}`)).json<{ items: Agent[] }>().items;

  test('an agent is at work as its profile says, then as it says, and offline when it is gone', async () => {
    const id = await agent('coder', ['code']);
    const eve = await world.watch('eve', await world.channel('public', ['eve']));
    expect(await eve.client.ask({ type: 'watch_agents' })).toMatchObject({ type: 'ack' });
    expect(eve.client.of('agents')).toMatchObject([{ agents: [], stale: false }]);
    const coder = await world.connect('coder', 0);
    await until(() => eve.agents.get(id)?.online === true, { what: 'the agent is at work' });
    expect(eve.agents.get(id)).toEqual({
      userId: id,
      online: true,
      capabilities: ['code'],
      model: 'model-1',
      ownerId: null,
      load: null,
    });
    expect(await coder.ask({ type: 'agent', load: 0.5, capabilities: ['code', 'review'] })).toMatchObject({
      type: 'ack',
    });
    await until(() => eve.agents.get(id)?.load === 0.5, { what: 'it says how busy it is' });
    expect(eve.agents.get(id)).toMatchObject({ capabilities: ['code', 'review'], model: 'model-1' });
    await coder.ask({ type: 'agent', model: null });
    await until(() => eve.agents.get(id)?.model === null, { what: 'it has no model any more' });
    expect(eve.agents.get(id)).toMatchObject({ load: 0.5 });
    expect(await list('?capability=review')).toMatchObject([{ userId: id, online: true, load: 0.5 }]);
    const late = await world.connect('late', 1, { subscribe: [] });
    await late.ask({ type: 'watch_agents' });
    expect(late.of('agents')).toMatchObject([{ agents: [{ userId: id, load: 0.5 }] }]);

    coder.ws.close(1000);
    await until(() => eve.agents.get(id)?.online === false, { what: 'the agent is gone' });
    expect(await list('?capability=review')).toEqual([]);
    expect((await list('?capability=code')).find(({ userId }) => userId === id)).toEqual({
      userId: id,
      online: false,
      capabilities: ['code'],
      model: 'model-1',
      ownerId: null,
      load: null,
    });
    await eve.client.ask({ type: 'unwatch_agents' });
    await world.connect('coder', 0);
    await until(async () => (await list('?online=true')).length === 1, { what: 'it is back' });
    expect(eve.agents.get(id)?.online).toBe(false);
  });

  test('an agent that is connected twice, at several nodes, is gone with the last of them', async () => {
    const id = await agent('twin', ['x']);
    const [one, two] = [await world.connect('twin', 0), await world.connect('twin', 1)];
    const eve = await world.connect('eve', 1, { subscribe: [] });
    await eve.ask({ type: 'watch_agents' });
    const isOnline = async (): Promise<boolean> =>
      (await list('?online=true')).some(({ userId }) => userId === id);
    await until(isOnline, { what: 'the agent is at work' });
    one.ws.close(1000);
    await one.closed;
    await two.ask({ type: 'agent', load: 1 });
    await until(async () => (await list('?online=true')).some(({ load }) => load === 1), {
      what: 'it goes on',
    });
    two.ws.close(1000);
    await until(async () => !(await isOnline()), { what: 'the agent is gone' });
  });

  test('an agent that comes back within the grace was never gone', async () => {
    const id = await agent('phoenix', []);
    const eve = await world.connect('eve', 1, { subscribe: [] });
    await eve.ask({ type: 'watch_agents' });
    let socket = await world.connect('phoenix', 0, { session: 'worker' });
    const told = (): boolean[] =>
      eve
        .of('event')
        .flatMap(({ event }) =>
          event.type === 'agent.update' && event.agent.userId === id ? [event.agent.online] : [],
        );
    await until(() => told().length > 0, { what: 'the agent is at work' });
    socket.close();
    socket = await world.connect('phoenix', 1, { session: 'worker' });
    await until(() => world.lost === 0, { what: 'nobody is waited for', deadline: 20_000 });
    await socket.ask({ type: 'agent', load: 0.1 });
    await until(
      () => eve.of('event').some(({ event }) => event.type === 'agent.update' && event.agent.load === 0.1),
      { what: 'it says something' },
    );
    expect(told()).not.toContain(false);
  });

  test('people are no agents', async () => {
    const client = await world.connect('eve', 0, { subscribe: [] });
    expect(await client.ask({ type: 'agent', load: 0.5 })).toMatchObject({ error: { code: 'FORBIDDEN' } });
  });

  test('all agents are listed page by page, at work or not', async () => {
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) await agent(name, ['page']);
    await world.connect('a4');
    await until(async () => (await list('?capability=page&online=true')).length === 1, {
      what: 'one is at work',
    });
    const ids: string[] = [];
    for (let cursor = ''; ;) {
      const path = `/agents?capability=page&limit=2${cursor && `&cursor=${cursor}`}`;
      const page = (await world.ask('eve', 'GET', path)).json<{ items: Agent[]; next: string | null }>();
      expect(page.items.length).toBeLessThanOrEqual(2);
      ids.push(...page.items.map(({ userId }) => userId));
      if (page.next === null) break;
      cursor = page.next;
    }
    const expected = await Promise.all(['a1', 'a2', 'a3', 'a4', 'a5'].map((name) => world.user(name)));
    expect(ids).toEqual(expected.map(({ id }) => id));
    expect(await list('?capability=page&online=false')).toHaveLength(4);
  });
});
