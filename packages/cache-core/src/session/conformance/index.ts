import type { Law } from '../../conformance/law.ts';
import { changeLaws } from './change-laws.ts';
import { endingLaws } from './ending-laws.ts';
import type { SessionHarness } from './harness.ts';
import { lifeLaws } from './life-laws.ts';

export type { Law } from '../../conformance/law.ts';
export { playSessions, sessionStepNumbers, type SessionStep } from './model.ts';
export type { SessionHarness } from './harness.ts';

/** Everything that a `SessionStore` promises. Run each with a new harness, in any test runner. */
export const sessionStoreLaws: readonly Law<SessionHarness>[] = [...lifeLaws, ...changeLaws, ...endingLaws];
