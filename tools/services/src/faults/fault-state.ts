import type { LaneShape } from './proxy-lane.ts';
import type { ReplyLossRule } from './reply-loss.ts';

export type Direction = 'requests' | 'replies';

/** What a proxy does to its connections at this moment; they read it anew for every chunk. */
export class FaultState {
  target: { readonly host: string; readonly port: number; readonly url?: string };
  blackHole = false;
  sliceBytes = Infinity;
  #replyLoss: ReplyLossRule | undefined;
  readonly #delayMs = { requests: 0, replies: 0 };

  constructor(target: FaultState['target']) {
    this.target = target;
  }

  get replyLoss(): ReplyLossRule | undefined {
    return this.#replyLoss;
  }

  /** Ends the rule before it, so that nobody waits for that one any more. */
  loseReplies(rule: ReplyLossRule | undefined): void {
    this.#replyLoss?.end();
    this.#replyLoss = rule;
  }

  delay(ms: number, direction: Direction | 'both'): void {
    this.#delayMs.requests = direction === 'replies' ? 0 : ms;
    this.#delayMs.replies = direction === 'requests' ? 0 : ms;
  }

  shape(direction: Direction): LaneShape {
    return { delayMs: this.#delayMs[direction], sliceBytes: this.sliceBytes };
  }

  clear(): void {
    this.blackHole = false;
    this.sliceBytes = Infinity;
    this.loseReplies(undefined);
    this.delay(0, 'both');
  }
}
