import { openParley } from '@parley/runtime';
import { expect, it } from 'vitest';

const screen: string[] = [];
const show = (line: string): void => void screen.push(line);

it('who is here, by the environment', async () => {
  // #region presence
  const { presence, close } = await openParley(); // reads the environment

  const watch = presence.watch('general', (event) => {
    if (event.type === 'join') show(`${event.member.user} is ${event.member.status}`);
    if (event.type === 'leave') show(`${event.user} left`);
  });
  await watch.ready();

  const connection = presence.connect({ user: 'ann', connection: 'tab-7' });
  await connection.join('general');
  await connection.close();
  // #endregion presence
  await expect.poll(() => screen, { timeout: 20_000 }).toEqual(['ann is online', 'ann left']);
  await close();
}, 60_000);
