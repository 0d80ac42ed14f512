import {
  InvalidArgument,
  isParleyError,
  parseDuration,
  requireInteger,
  systemClock,
} from '@parley/cache-core/kernel';
import type { Clock, Duration } from '@parley/cache-core/kernel';
import { callsOf, type RuleCalls } from './call.ts';
import { Haste } from './haste.ts';
import type { Limiter } from './limiter.ts';
import type { Verdict } from './verdict.ts';

export interface FrameLimitOptions<Name extends string, Frame> {
  /** Of any kind but `concurrency`, as a frame has no end. */
  readonly rules: RuleCalls<Name>;
  /** Who is charged, where the rules do not say. */
  readonly identity?: string | undefined;
  /** Of a frame, a whole number from 1 to what the rules admit at once. @default 1 */
  readonly cost?: number | ((frame: Frame) => number) | undefined;
  /** How many frames may come before their time, without one that was taken, until the connection is to be closed. @default 20 */
  readonly patience?: number | undefined;
  /** For how long frames come that were sent before their client heard that it is to wait; these are held against nobody. @default '1s' */
  readonly grace?: Duration | undefined;
  /** How many frames wait for the store at once; as many more are refused in their turn, and beyond that is the end. @default 256 */
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
  const graceMs = parseDuration(options.grace ?? '1s', { field: 'grace' });
  if (typeof cost !== 'number' && typeof cost !== 'function')
    throw new InvalidArgument('cost', 'a number or a function', cost);
  for (const call of callsOf<Name>(rules)) {
    const name = typeof call === 'string' ? call : call.rule;
    if (limiter.rule(name).kind === 'concurrency')
      throw new InvalidArgument('rules', 'of kinds other than concurrency', name);
  }
  const haste = new Haste({ clock, graceMs, patience });
  let [asking, waiting] = [0, 0];
  let end: FrameRuling<Name> | undefined;
  let before: Promise<unknown> = Promise.resolve();

  const closing = (code: 1008 | 1013, retryAfterMs: number): FrameRuling<Name> => {
    end = { do: 'close', code, reason: 'too many frames', retryAfterMs };
    return end;
  };

  const refused = (
    early: boolean,
    retryAfterMs: number,
    violated: readonly Name[],
    verdict?: Verdict<Name>,
  ): FrameRuling<Name> =>
    haste.refuse(early, retryAfterMs)
      ? { do: 'refuse', retryAfterMs, violated, verdict }
      : closing(verdict?.decidedBy === 'closed' ? 1013 : 1008, retryAfterMs);

  const conclude = (early: boolean, verdict: Verdict<Name> | undefined): FrameRuling<Name> => {
    if (end !== undefined) return end;
    if (verdict === undefined) return refused(early, Infinity, []);
    if (!verdict.ok) return refused(early, verdict.retryAfterMs, verdict.violated, verdict);
    haste.take();
    return { do: 'take', verdict };
  };

  /** Undefined: it costs more than there ever is. How much a frame costs is for its client to say, so that is no fault of the application. */
  const ask = async (units: number): Promise<Verdict<Name> | undefined> => {
    try {
      return await limiter.check(rules, { identity, cost: units });
    } catch (error) {
      const tooMuch = isParleyError(error, 'INVALID_ARGUMENT') && error.field === 'cost';
      if (tooMuch && Number.isSafeInteger(units) && units >= 1) return undefined;
      throw error;
    }
  };

  const rule = async (frame: Frame, early: boolean, turn: Promise<unknown>): Promise<FrameRuling<Name>> => {
    if (asking >= maxWaiting) {
      await turn;
      return end ?? refused(early, crowdedMs, []);
    }
    asking += 1;
    try {
      const asked = ask(typeof cost === 'function' ? cost(frame) : cost);
      const [verdict] = await Promise.all([asked, turn]);
      return conclude(early, verdict);
    } finally {
      asking -= 1;
    }
  };

  return (frame) => {
    // By what was told when it came.
    const early = haste.comes();
    if (end !== undefined) return Promise.resolve(end);
    // Each is kept until it has its turn, and a store that is slow may give none for as long as it is waited for.
    if (waiting >= 2 * maxWaiting) return Promise.resolve(closing(1013, crowdedMs));
    waiting += 1;
    const answer = rule(frame, early, before).finally(() => (waiting -= 1));
    before = answer.catch(() => undefined);
    return answer;
  };
}
