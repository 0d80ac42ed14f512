import { defineSignal, type TelemetrySignal } from '../kernel/telemetry.ts';
import type { LockLost } from './errors.ts';

export type LockEvent =
  | {
      readonly type: 'acquired';
      readonly key: string;
      readonly fence: number;
      readonly waitedMs: number;
    }
  | { readonly type: 'contended'; readonly key: string; readonly waitedMs: number }
  /** Turns are not heard, and whoever waits has to ask now and then: why. */
  | { readonly type: 'deaf'; readonly error: unknown }
  | { readonly type: 'released'; readonly key: string; readonly fence: number; readonly heldMs: number }
  | { readonly type: 'lost'; readonly key: string; readonly fence: number; readonly error: LockLost };

/** What becomes of the locks of this process: for tracing and metrics. */
export const lockSignal: TelemetrySignal<LockEvent> = /* @__PURE__ */ defineSignal('parley:lock');
