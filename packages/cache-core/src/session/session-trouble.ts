import { defineSignal } from '../kernel/telemetry.ts';
import type { TelemetrySignal } from '../kernel/telemetry.ts';

/** Something that nobody waited for did not work: the call that it belonged to went on without. */
export interface SessionTrouble {
  /** `touch`: a session that was read could not be told to be seen. `sweep`: what is over was left for the next time. */
  readonly work: 'touch' | 'sweep' | 'save' | 'destroy';
  readonly store: string;
  readonly error: unknown;
}

export const sessionTroubles: TelemetrySignal<SessionTrouble> =
  /* @__PURE__ */ defineSignal('parley:session-trouble');
