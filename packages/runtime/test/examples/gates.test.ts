import { openParley } from '@parley/runtime';
import { expect, it, vi } from 'vitest';

// Nothing here is about where it is kept, and memory is never late.
vi.stubEnv('CACHE_ADAPTER', 'memory');

it('limits, locks and sessions, by the environment', async () => {
  const sent: string[] = [];
  const send = async (text: string, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    sent.push(text);
  };
  // #region gates
  const { limiter, locks, sessions, close } = await openParley(); // reads the environment

  const limits = await limiter({ rules: { message: { limit: 10, per: '1m' } } });
  const verdict = await limits.check('message', { identity: 'ann' });
  if (!verdict.ok) throw new Error(`Try again in ${verdict.retryAfterMs} ms`);

  const once = await locks();
  await once.using('digest', (signal) => send('the digest of today', signal)); // by one process at a time

  const signedIn = await sessions({ ttl: '24h' });
  const { id } = await signedIn.create({ user: 'ann', data: { theme: 'dark' } });
  const session = await signedIn.get(id); // in whichever process
  // #endregion gates
  expect(session?.user).toBe('ann');
  expect(sent).toEqual(['the digest of today']);
  await close();
});
