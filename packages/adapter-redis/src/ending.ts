import { withDeadline, type Clock } from '@parley/cache-core/kernel';
import type { Client } from './roles.ts';

/** Cuts a client off, and resolves when nothing of it is left, or at the limit. */
export async function endClient(client: Client, clock: Clock, limitMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    if (client.status === 'end') resolve();
    else client.once('end', resolve);
  });
  client.disconnect();
  await withDeadline(limitMs, () => ended, { clock }).catch(() => undefined);
}
