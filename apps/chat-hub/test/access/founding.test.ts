import { silentLogger, virtualClock } from '@parley/cache-core/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Founding } from '../../src/access/founding.ts';
import type { SetupCode } from '../../src/access/setup-codes.ts';
import { inject, openTestHub, outcomeOf, type TestHub } from '../support/hub.ts';

const minute = 60_000;
const password = 'correct horse battery';

let world: TestHub;
beforeAll(async () => {
  world = await openTestHub('embedded');
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

async function open() {
  const clock = virtualClock({ start: Date.now() });
  const told: SetupCode[] = [];
  const founding = await Founding.open({
    tables: world.hub.tables,
    clock,
    logger: silentLogger,
    onCode: (code) => told.push(code),
  });
  return { clock, told, founding };
}

const page = async (): Promise<string> => (await inject(world.hub, 'GET', '/')).body;
const redeem = async (code: string) =>
  outcomeOf(await world.ask('POST', '/setup', { body: { code, password } }));

test('a code that ran out is followed by another one when somebody is at the door, and not before', async () => {
  const { clock, told, founding } = await open();
  const first = founding.code?.code ?? '';
  expect(await founding.isOwned()).toBe(false);
  await clock.advance(9 * minute);
  expect(await founding.isOwned()).toBe(false);
  await clock.advance(2 * minute);
  expect(told).toEqual([]);

  const many = await Promise.all(Array.from({ length: 20 }, () => founding.isOwned()));
  expect(new Set(many)).toEqual(new Set([false]));
  expect(told).toHaveLength(1);
  expect(told[0]?.code).not.toBe(first);
  expect(told[0]?.expiresAt).toBe(clock.now() + 10 * minute);
  await founding.isOwned();
  expect(told).toHaveLength(1);
});

test('a wrong code is somebody at the door', async () => {
  const asked: string[] = [];
  const { founding } = world.hub;
  const isOwned = founding.isOwned.bind(founding);
  Object.assign(founding, { isOwned: () => (asked.push('x'), isOwned()) });
  expect(await redeem('AAAA-BBBB-CCCC')).toBe('WRONG_CREDENTIALS');
  expect(asked).toEqual(['x']);
});

test('whoever chooses a handle and says no name is called by it', async () => {
  await using other = await openTestHub('embedded');
  const body = { code: other.hub.setup?.code, handle: 'zoe', password };
  const answer = await other.ask('POST', '/setup', { body });
  expect(answer.json()).toMatchObject({ user: { handle: 'zoe', displayName: 'zoe' } });
});

test('the page asks for the code until there is an owner; from then on no code is made', async () => {
  const { clock, told, founding } = await open();
  expect(await page()).toContain('name="parley-owned" content="false"');
  expect(await redeem(founding.code?.code ?? '')).toBe(200);
  expect(await page()).toContain('name="parley-owned" content="true"');
  await clock.advance(11 * minute);
  expect(await founding.isOwned()).toBe(true);
  expect(told).toEqual([]);
  expect(founding.code).toBeUndefined();
  expect((await open()).founding.code).toBeUndefined();
});
