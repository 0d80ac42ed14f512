import { Command } from 'ioredis';

/** The slot of Redis Cluster that a key or a sharded channel belongs to. */
export function slotOf(key: string): number {
  return new Command('get', [key]).getSlot();
}
