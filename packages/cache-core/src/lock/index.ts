export { LockContended, LockLost, type LossReason } from './errors.ts';
export { lockSignal, type LockEvent } from './events.ts';
export { LockGroup } from './lock-group.ts';
export type {
  LockCall,
  LockEar,
  LockLease,
  LockListener,
  LockQueue,
  LockReply,
  LockRequest,
  LockStore,
  LockStoreCapabilities,
  LockToRelease,
} from './lock-store.ts';
export { Lock } from './lock.ts';
export { createLocks, Locks, type LockedGroupWork, type LockedWork } from './locks.ts';
export { memoryLockStore, type MemoryLockStoreOptions } from './memory-lock-store.ts';
export type { AcquireOptions, CreateLocksOptions, TryAcquireOptions } from './options.ts';
export type { LockFigures, LockStats } from './stats.ts';
