import { systemClock } from '@parley/cache-core/kernel';
import type { AgentCard, Registration } from '@parley/presence';
import { expect, test } from 'vitest';
import { AgentsHere } from '../../src/presence/agents-here.ts';
import { PresenceLine } from '../support/presence-line.ts';

const profile = { capabilities: ['code'], model: null, ownerId: null };

test('an agent that goes and comes back while the store is away is listed when that is back', async () => {
  const line = new PresenceLine();
  const { presence, clock } = line;
  const here = new AgentsHere({
    agents: presence.agents,
    profile: () => Promise.resolve(profile),
    clock,
    random: () => 0.5,
    graceMs: 5_000,
  });
  here.begin('coder');
  await line.pass(100);
  expect(await presence.agents.list()).toMatchObject([{ agent: 'coder', online: true }]);

  line.isAway = true;
  here.end('coder', 'left', 0);
  // Longer than the registry is waited for.
  await line.pass(8_000);
  here.begin('coder');
  await line.pass(8_000);
  line.isAway = false;
  await line.pass(15_000);
  expect(await presence.agents.list()).toMatchObject([{ agent: 'coder', online: true }]);

  here.say('coder', { load: 0.5 });
  await line.pass(1_000);
  expect(await presence.agents.list()).toMatchObject([{ agent: 'coder', load: 0.5 }]);
  here.end('coder', 'left', 0);
  await line.pass(1_000);
  expect(await presence.agents.list()).toEqual([]);
  expect(here.size).toBe(0);
});

test('whatever an agent says, at whichever moment, the registry is told', async () => {
  for (let turns = 0; turns < 24; turns += 1) {
    const told: (number | undefined)[] = [];
    const tell = async ({ load }: Partial<AgentCard>): Promise<void> => void told.push(load);
    const close = (): Promise<void> => Promise.resolve();
    const registration: Registration = { update: tell, close, [Symbol.asyncDispose]: close };
    const here = new AgentsHere({
      agents: { register: (_, card) => tell(card).then(() => registration) },
      profile: () => Promise.resolve(profile),
      clock: systemClock,
      random: Math.random,
      graceMs: 5_000,
    });
    here.begin('coder');
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    here.say('coder', { load: 0.5 });
    await new Promise(setImmediate);
    expect({ turns, last: told.at(-1) }).toEqual({ turns, last: 0.5 });
    here.close();
  }
});
