import type { CallRoute, Hub } from '@parley/hub-client';
import { isHubError, type Channel } from '@parley/hub-protocol';
import { notFound } from '../cli-error.ts';

/** Ends what follows some channels when none of them is there any more. The hub knows whether one is gone, or was not read yet. */
export function whenAllGone(
  call: CallRoute,
  hub: Hub,
  named: readonly Channel[],
  fail: (error: unknown) => void,
): () => void {
  let asking = false;
  return () => {
    const { channels, ready } = hub.snapshot();
    if (asking || !ready || named.length === 0 || named.some(({ id }) => channels.has(id))) return;
    asking = true;
    allGone(call, named)
      .then((gone) => {
        asking = false;
        if (gone) fail(notFound('the channel is gone, or it is not for you any more'));
      })
      .catch(fail);
  };
}

async function allGone(call: CallRoute, named: readonly Channel[]): Promise<boolean> {
  for (const { id } of named) {
    try {
      await call('readChannel', { params: { channelId: id } });
      return false;
    } catch (error) {
      // While the hub is away nothing is known. Who is known no longer is told so by the connection.
      if (!isHubError(error) || ![403, 404, 410].includes(error.status)) return false;
    }
  }
  return true;
}
