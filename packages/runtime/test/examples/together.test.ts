import { defineTopic } from '@parley/bus';
import { openParley } from '@parley/runtime';
import { expect, it } from 'vitest';
import { z } from 'zod';

const loads: string[] = [];
const loadUser = async (id: string): Promise<{ id: string; name: string }> => {
  loads.push(id);
  return { id, name: 'Ann' };
};

it('the program on the first page', async () => {
  const greeted: string[] = [];
  const show = (text: string): void => void greeted.push(text);
  const env = process.env['NODE_ENV'];
  expect(env).toBe('test');
  // #region together
  const { cache, bus, close } = await openParley(); // reads the environment
  const joined = defineTopic('joined', { class: 'stream', schema: z.string() });

  // One load, however many ask in however many processes.
  const user = await cache.get('user:1', () => loadUser('1'), { ttl: '5m', tags: ['users:1'] });

  // Every message, in order, or word of the gap.
  const listening = bus.subscribe(joined, (message) => show(message.data));
  await listening.ready();
  await bus.publish(joined, user.name);

  await close();
  // #endregion together
  expect(greeted).toEqual(['Ann']);
  expect(loads).toEqual(['1']);
}, 60_000);
