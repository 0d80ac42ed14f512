import { randomInt } from 'node:crypto';

export interface ChaosContext {
  /** The only source of random decisions. */
  readonly seed: number;
  /** How long it injects faults; a fraction for a short run. */
  readonly minutes: number;
  /** Aborted by Ctrl+C: the run ends early, tidies up and resolves. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** What a file `chaos/<name>.chaos.ts` exports as `chaos`: `npm run chaos` finds and runs it, a test runs it for seconds. */
export interface Chaos {
  readonly name: string;
  /** Rejects when a promise was broken. Leaves nothing behind, however it ends. */
  run(context: ChaosContext): Promise<void>;
}

export function newSeed(): number {
  return randomInt(2 ** 31);
}
