import type { LeaseReply } from '@parley/cache-core';
import { asList } from '../lane.ts';
import { decodeRecord } from './record.ts';

/**
 * What `lua/lease.lua` answers for one key.
 *
 * @param now by the server's clock, ms
 * @param floorUs a moment that had passed on every clock that epochs are taken from: in Cluster those of other masters than the lease's,
 *   which a stamp must precede too, or an invalidation after it would look older than the lease
 */
export function readLeaseReply(reply: unknown, now: number, floorUs: number): LeaseReply {
  const [state, value] = asList(reply);
  if (state === 0) return { state: 'granted', stamp: Math.min(Number(value), floorUs) };
  if (state === 1) return { state: 'held', forMs: Number(value) };
  return { state: 'changed', record: decodeRecord(value, now) };
}
