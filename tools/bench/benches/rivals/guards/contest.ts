import type { Outcome } from '../scenario.ts';

/** What a contestant finds: servers of its own run, and what its keys begin with. */
export interface Ground {
  readonly redis: string;
  readonly prefix: string;
}

type Contestant = (ground: Ground) => Promise<Outcome>;

/** One promise about limits, locks or sessions, and those who make it or are taken to. */
export interface Contest {
  readonly id: string;
  readonly promise: string;

  /** By the name of the package; ours is `parley`. */
  readonly contestants: Readonly<Record<string, Contestant>>;

  /** @default 30_000 */
  readonly limitMs?: number;
}
