import { ParleyError } from '../kernel/errors.ts';
import type { ErrorContext } from '../kernel/errors.ts';

/** Somebody else holds the lock, and did not let it go in time. Nothing is held or queued any more. Retryable. */
export class LockContended extends ParleyError {
  declare readonly code: 'LOCK_CONTENDED';
  static {
    nameError(this, 'LockContended');
  }
  constructor(key: string, waitedMs: number, context: ErrorContext = {}) {
    const after = waitedMs > 0 ? ` for the ${waitedMs} ms that it was waited for` : '';
    super(`The lock "${key}" is held by somebody else${after}`, {
      ...context,
      code: 'LOCK_CONTENDED',
      retryable: true,
      evidence: { key, waitedMs, ...context.evidence },
    });
  }
}

/** Why a lock is not ours any more. */
export type LossReason =
  /** The store did not confirm it before its lease was over by our clock. */
  | 'unconfirmed'
  /** The store says that it is not ours. */
  | 'taken'
  /** These locks were closed while it was held. */
  | 'closed';

const reasons: Readonly<Record<LossReason, string>> = {
  unconfirmed: 'the store did not confirm it in time',
  taken: 'the store says that it is held no longer',
  closed: 'these locks were closed',
};

/**
 * The lock was lost while it was being held: from the moment that the signal was aborted somebody else may hold it. What was begun under it
 * should not go on; whoever checks fences refuses it.
 */
export class LockLost extends ParleyError {
  declare readonly code: 'LOCK_LOST';
  static {
    nameError(this, 'LockLost');
  }
  constructor(key: string, reason: LossReason, context: ErrorContext = {}) {
    super(`The lock "${key}" was lost: ${reasons[reason]}`, {
      ...context,
      code: 'LOCK_LOST',
      evidence: { key, reason, ...context.evidence },
    });
  }
}

function nameError(errors: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(errors.prototype, 'name', { value: name, configurable: true, writable: true });
}
