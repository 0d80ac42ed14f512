import type { Hub } from '@parley/hub-client';
import type { HubEvent } from '@parley/hub-protocol';
import type { Context } from '../context.ts';
import { Lines } from '../tail/lines.ts';
import type { Names } from '../names.ts';
import { untilEnded } from '../until-ended.ts';

export interface Following<State> {
  readonly hub: Hub;
  readonly names: Names;
  readonly channelId: string | null;
  /** Undefined: it is not known yet. */
  readonly read: () => State | undefined;
  /** What is shown first. */
  readonly begin: (state: State) => Promise<void>;
  readonly changes: (before: State, now: State) => readonly HubEvent[];
  /** Called with each change, whether it is shown or not. */
  readonly watch?: (fail: (error: unknown) => void) => () => void;
}

/**
 * Shows a state and then what becomes of it, a line each. Whoever reads slowly is told what has come of it meanwhile, and not each step.
 */
export function followState<State extends { readonly stale: boolean }>(
  { out, world }: Pick<Context, 'out' | 'world'>,
  { hub, names, channelId, read, begin, changes, watch }: Following<State>,
): Promise<void> {
  const { style, forPeople } = out;
  const lines = new Lines({ names, style, forPeople, channel: () => undefined });
  let shown: State | undefined;
  let work: Promise<void> | undefined;
  let stopped = false;

  async function showNews(): Promise<void> {
    for (;;) {
      const now = read();
      if (stopped || now === undefined || now === shown) return;
      const before = shown;
      shown = now;
      if (before === undefined) {
        await begin(now);
        continue;
      }
      for (const event of changes(before, now)) {
        const entry = { event, timestamp: Date.now(), senderId: null, channelId };
        const line = await lines.of(entry);
        if (line !== undefined) await out.line(entry, line);
      }
    }
  }

  return untilEnded({ out, world }, hub, (fail) => {
    const watched = watch?.(fail);
    const look = (): void => {
      watched?.();
      work ??= showNews()
        .catch(fail)
        .finally(() => {
          work = undefined;
          // It came while the last line was on its way.
          const now = read();
          if (!stopped && now !== undefined && now !== shown) look();
        });
    };
    const stop = hub.subscribe(look);
    look();
    return () => {
      stopped = true;
      stop();
    };
  });
}
