import { InvalidArgument, requireInteger, systemClock } from '@parley/cache-core/kernel';
import type { Clock } from '@parley/cache-core/kernel';
import type { RuleCalls } from './call.ts';
import type { Limiter } from './limiter.ts';
import type { Verdict } from './verdict.ts';

export interface FrameLimitOptions<Name extends string, Frame> {
  readonly rules: RuleCalls<Name>;
  /** Who is charged, where the rules do not say. */
  readonly identity?: string | undefined;
  /** Of a frame, a whole number from 1 to what the rules admit at once. @default 1 */
  readonly cost?: number | ((frame: Frame) => number) | undefined;
  /** How many frames may come before their time, without one that was taken, until the connection is to be closed. @default 20 */
  readonly patience?: number | undefined;
  /** How many frames wait for the store at once; the next ones are refused. @default 256 */
  readonly maxWaiting?: number | undefined;
  /** By which it is told what came before its time. @default the clock of the system */
  readonly clock?: Clock | undefined;
}

/** What to do with a frame. */
export type FrameRuling<Name extends string = string> =
  | { readonly do: 'take'; readonly verdict: Verdict<Name> }
  | {
      readonly do: 'refuse';
      /** When the same frame will be taken; `Infinity`: never. */
      readonly retryAfterMs: number;
      readonly violated: readonly Name[];
      /** Missing where too many were waiting to ask. */
      readonly verdict?: Verdict<Name> | undefined;
    }
  | {
      readonly do: 'close';
      /** 1008, a policy was violated; 1013, try again later, where it was only that the store did not answer. */
      readonly code: 1008 | 1013;
      readonly reason: string;
      readonly retryAfterMs: number;
    };

/** Decides about the frames of one connection, and answers in their order. Rejects only for what cannot be used. */
export type FrameLimit<Name extends string, Frame> = (frame: Frame) => Promise<FrameRuling<Name>>;

/** How long who has too many frames waiting is told to wait: as long as a store that is slow is given. */
const crowdedMs = 1_000;

/**
 * Says of each frame of a WebSocket whether it is taken, refused, or the end. A client that waits as it is told is never closed; one that goes
 * on regardless is, after `patience` frames.
 */
export function frameLimit<Name extends string, Frame = unknown>(
  limiter: Limiter<Name>,
  options: FrameLimitOptions<NoInfer<Name>, Frame>,
): FrameLimit<Name, Frame> {
  const { rules, identity, cost = 1, clock = systemClock } = options;
  const patience = requireInteger('patience', options.patience ?? 20, 1, 1_000_000);
  const maxWaiting = requireInteger('maxWaiting', options.maxWaiting ?? 256, 1, 1_000_000);
  if (typeof cost !== 'number' && typeof cost !== 'function')
    throw new InvalidArgument('cost', 'a number or a function', cost);
  let [waiting, hasty, notBefore] = [0, 0, 0];
  let end: FrameRuling<Name> | undefined;
  let before: Promise<unknown> = Promise.resolve();

  const refused = (
    hurried: boolean,
    retryAfterMs: number,
    violated: readonly Name[],
    verdict?: Verdict<Name>,
  ): FrameRuling<Name> => {
    if (hurried) hasty += 1;
    notBefore = clock.monotonic() + retryAfterMs;
    if (hasty < patience) return { do: 'refuse', retryAfterMs, violated, verdict };
    const code = verdict?.decidedBy === 'closed' ? 1013 : 1008;
    end = { do: 'close', code, reason: 'too many frames', retryAfterMs };
    return end;
  };

  const conclude = (hurried: boolean, verdict: Verdict<Name>): FrameRuling<Name> => {
    if (end !== undefined) return end;
    if (!verdict.ok) return refused(hurried, verdict.retryAfterMs, verdict.violated, verdict);
    [hasty, notBefore] = [0, 0];
    return { do: 'take', verdict };
  };

  return (frame) => {
    // By what was told when it came: what was under way already could not know better.
    const hurried = clock.monotonic() < notBefore;
    if (end !== undefined) return Promise.resolve(end);
    const turn = before;
    const ruling = async (): Promise<FrameRuling<Name>> => {
      if (waiting >= maxWaiting) {
        await turn;
        return end ?? refused(hurried, crowdedMs, []);
      }
      waiting += 1;
      try {
        const units = typeof cost === 'function' ? cost(frame) : cost;
        const asked = limiter.check(rules, { identity, cost: units });
        const [verdict] = await Promise.all([asked, turn]);
        return conclude(hurried, verdict);
      } finally {
        waiting -= 1;
      }
    };
    const answer = ruling();
    before = answer.catch(() => undefined);
    return answer;
  };
}
