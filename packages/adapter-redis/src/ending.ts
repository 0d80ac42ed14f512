import { withDeadline, type Clock } from '@parley/cache-core/kernel';
import { Cluster } from 'ioredis';
import type { Client } from './roles.ts';

/** As much of a client as is needed to cut it off. */
export interface Severable {
  readonly stream?: { on(event: 'error', listener: () => void): unknown };
  disconnect(reconnect?: boolean): void;
}

/**
 * Cuts a client off. TLS that is cut off in its handshake may fail twice, for the certificate and for the alert that answers the end; the
 * driver listens to one error of a stream, and the second would end the process.
 */
export function disconnect(client: Severable | Cluster, reconnect = false): void {
  const nodes = client instanceof Cluster ? client.nodes() : [client];
  // A stream that is not there yet will not be made any more.
  for (const { stream } of nodes) stream?.on('error', () => undefined);
  client.disconnect(reconnect);
}

/** Cuts a client off, and resolves when nothing of it is left, or at the limit. */
export async function endClient(client: Client, clock: Clock, limitMs: number): Promise<void> {
  // Between two attempts nothing is open, and the driver only forgets the next one, without a word.
  const idle = client.status === 'end' || client.status === 'reconnecting';
  const ended = idle ? Promise.resolve() : new Promise<void>((resolve) => client.once('end', resolve));
  disconnect(client);
  await withDeadline(limitMs, () => ended, { clock }).catch(() => undefined);
}
