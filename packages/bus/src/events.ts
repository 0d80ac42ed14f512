import { defineSignal } from '@parley/cache-core/kernel';
import type { TelemetrySignal } from '@parley/cache-core/kernel';
import type { Gap } from './message.ts';
import type { Position } from './position.ts';

/** What happens in a bus, for logs and metrics. */
export type BusEvent =
  | { readonly type: 'gap'; readonly gap: Gap }
  | { readonly type: 'lost'; readonly channel: string; readonly reason: string }
  | {
      readonly type: 'poison';
      readonly channel: string;
      readonly position?: Position | undefined;
      readonly reason: string;
    }
  | { readonly type: 'dead'; readonly queue: string; readonly id: string; readonly reason: string };

export const busSignal: TelemetrySignal<BusEvent & { readonly bus: string }> =
  /* @__PURE__ */ defineSignal('parley:bus');
