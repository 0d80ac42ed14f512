import { createPresence, memoryFeed, memoryPresenceStore } from '@parley/presence';
import { afterAll, describe, expect, it } from 'vitest';

const store = memoryPresenceStore();
const feed = memoryFeed();
const presence = createPresence({ store, feed });
afterAll(() => presence.close());

const screen: string[] = [];
const show = (line: string): void => void screen.push(line);
const session = { user: 'ann', id: 'tab-7' };

describe('the examples of the documentation', () => {
  it('who is in a channel', async () => {
    // #region channel
    const watch = presence.watch('general', (event) => {
      if (event.type === 'snapshot') show(`${event.roster.users} here`);
      if (event.type === 'join') show(`${event.member.user} is ${event.member.status}`);
      if (event.type === 'leave') show(`${event.user} left`);
    });
    await watch.ready();

    const connection = presence.connect({ user: session.user, connection: session.id });
    await connection.join('general');
    await connection.update({ activity: 'away' });
    await connection.close(); // or connection.lost(), when the socket broke
    // #endregion channel
    await expect.poll(() => screen).toEqual(['0 here', 'ann is online', 'ann left']);
    watch.close();
  });

  it('what a user chooses', async () => {
    const connection = presence.connect({ user: 'bob' });
    await connection.join('general');
    // #region status
    await presence.setStatus('bob', {
      availability: 'dnd',
      text: 'In a meeting',
      emoji: '📅',
      expires: '1h',
    });
    const { members } = await presence.members('general');
    // #endregion status
    expect(members).toMatchObject([{ user: 'bob', status: 'dnd', text: 'In a meeting' }]);
    // #region users
    const [bob] = await presence.users(['bob']);
    const watch = presence.watchUsers(['ann', 'bob'], ({ user, status, lastSeen }) =>
      show(`${user} is ${status}${lastSeen === undefined ? '' : ', and was here'}`),
    );
    // #endregion users
    expect(bob).toMatchObject({ status: 'dnd' });
    await expect.poll(() => screen).toContain('ann is offline, and was here');
    watch.close();
  });

  it('typing', async () => {
    // #region typing
    const typing = presence.typing.watch('general', ({ users, several }) =>
      show(several ? 'several people are typing' : `typing: ${users.join(', ')}`),
    );
    await typing.ready();

    await presence.typing.start('general', { user: 'ann' }); // with every key
    await presence.typing.stop('general', { user: 'ann' }); // when it was sent
    // #endregion typing
    await expect.poll(() => screen.slice(-2)).toEqual(['typing: ann', 'typing: ']);
    typing.close();
  });

  it('agents', async () => {
    // #region agents
    const registration = await presence.agents.register('coder', {
      capabilities: ['code', 'review'],
      model: 'large',
      owner: 'ann',
      load: 0.2,
    });
    await registration.update({ load: 0.7 });
    const [reviewer] = await presence.agents.find('review');
    // #endregion agents
    expect(reviewer).toMatchObject({ agent: 'coder', online: true, load: 0.7 });
    await registration.close();
  });
});
