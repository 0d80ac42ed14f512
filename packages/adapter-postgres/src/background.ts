import { defineSignal } from '@parley/cache-core/kernel';
import type { TelemetrySignal } from '@parley/cache-core/kernel';

export interface BackgroundFailure {
  /** What was being done on nobody's behalf: `idle connection`, `sweep`, `listen`. */
  readonly work: string;
  readonly error: unknown;
}

/** Failures that no caller can be told of. Each is dealt with by what it happened to; this is for those who watch. */
export const backgroundFailures: TelemetrySignal<BackgroundFailure> = /* @__PURE__ */ defineSignal(
  'parley:postgres:background-failure',
);
