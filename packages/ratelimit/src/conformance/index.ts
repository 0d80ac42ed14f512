import { changeLaws } from './change-laws.ts';
import type { LimitHarness } from './harness.ts';
import type { Law } from './law.ts';
import { requestLaws } from './request-laws.ts';
import { ruleLaws } from './rule-laws.ts';

export type { LimitHarness } from './harness.ts';
export type { Law } from './law.ts';
export { playModel } from './model.ts';
export { modelNumbers, modelStep, type ModelStep } from './model-step.ts';

/** Everything that a `LimitStore` promises. Run each with a new harness, in any test runner. */
export const limitStoreLaws: readonly Law<LimitHarness>[] = [...ruleLaws, ...requestLaws, ...changeLaws];
