import type { RoundPlan, RoundResult } from './round.ts';
import type { ServerName } from './servers.ts';

/** What the process of a subject is told; each is answered once before the next is sent. */
export type Request =
  | {
      readonly do: 'setup';
      readonly benchFile: string;
      readonly scenario: string;
      readonly subject: string;
      readonly urls: Readonly<Partial<Record<ServerName, string>>>;
      readonly pids: Readonly<Partial<Record<ServerName, number>>>;
      readonly seed: number;
      readonly quick: boolean;
    }
  | { readonly do: 'round'; readonly plan: RoundPlan }
  | { readonly do: 'teardown' };

export type Reply =
  | { readonly ok: true; readonly round?: RoundResult }
  | { readonly ok: false; readonly error: string };
