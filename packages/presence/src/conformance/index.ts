import { callLaws } from './call-laws.ts';
import { endingLaws } from './ending-laws.ts';
import { faultLaws } from './fault-laws.ts';
import type { PresenceHarness } from './harness.ts';
import type { Law } from './law.ts';
import { leaseLaws } from './lease-laws.ts';
import { limitLaws } from './limit-laws.ts';
import { raceLaws } from './race-laws.ts';
import { viewLaws } from './view-laws.ts';

export type { PresenceHarness } from './harness.ts';
export type { Law } from './law.ts';
export { LogLedger } from './log-ledger.ts';
export { playModel } from './model.ts';
export { modelNumbers, modelStep, type ModelStep } from './model-step.ts';

/** Everything that a `PresenceStore` promises. Run each with a new harness, in any test runner. */
export const presenceStoreLaws: readonly Law<PresenceHarness>[] = [
  ...viewLaws,
  ...callLaws,
  ...leaseLaws,
  ...endingLaws,
  ...limitLaws,
  ...raceLaws,
  ...faultLaws,
];
