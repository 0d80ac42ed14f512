import type { Law } from '../../conformance/law.ts';
import type { LockHarness } from './harness.ts';
import { holdingLaws } from './holding-laws.ts';
import { queueLaws } from './queue-laws.ts';

export type { Law } from '../../conformance/law.ts';
export type { LockHarness } from './harness.ts';

/** Everything that a `LockStore` promises. Run each with a new harness, in any test runner. */
export const lockStoreLaws: readonly Law<LockHarness>[] = [...holdingLaws, ...queueLaws];
