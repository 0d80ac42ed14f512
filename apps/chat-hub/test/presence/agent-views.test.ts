import type { ServerFrame } from '@parley/hub-protocol';
import { expect, test } from 'vitest';
import { AgentViews } from '../../src/presence/agent-views.ts';
import type { Ear } from '../../src/presence/ear.ts';
import { PresenceLine } from '../support/presence-line.ts';

test.each([['none', []] as const, ['one', ['coder']] as const])(
  'who watches agents, of whom there is %s, is told that this may not be right, and when it is right again',
  async (_, names) => {
    const line = new PresenceLine();
    const { presence, clock } = line;
    for (const name of names) await presence.agents.register(name, { capabilities: [] });
    const views = new AgentViews({ agents: presence.agents, clock });
    const told: ServerFrame[] = [];
    const ear: Ear = {
      whisper: () => true,
      tell: (__, text) => told.push(JSON.parse(text)) > 0,
      whenCalm: () => {},
    };
    const stale = (): boolean[] => told.flatMap((frame) => (frame.type === 'agents' ? [frame.stale] : []));
    await views.watch(ear);
    await line.pass(5_000);
    expect(stale()).toEqual([false]);

    line.isAway = true;
    await line.pass(10_000);
    expect(stale()).toEqual([false, true]);
    expect(told.at(-1)).toMatchObject({ agents: names.map((userId) => ({ userId })) });
    line.isAway = false;
    await line.pass(10_000);
    expect(stale()).toEqual([false, true, false]);

    views.unwatch(ear);
    line.isAway = true;
    await line.pass(10_000);
    expect(stale()).toHaveLength(3);
  },
);
