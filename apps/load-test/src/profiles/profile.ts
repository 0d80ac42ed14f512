import type { Random } from '@parley/services';
import type { Meter } from '../generator/figures.ts';
import type { Order, Traffic } from '../generator/protocol.ts';
import type { Measured } from '../measure/processes.ts';
import type { Populated } from '../target/workspace.ts';
import type { Ground, Spare } from '../target/servers.ts';
import type { Target } from '../target/target.ts';
import type { Layout } from './layout.ts';

/** What can be changed by flags. */
export interface Size {
  readonly agents: number;
  /** Messages a second. */
  readonly rate: number;
  /** For how long it is measured, after the first seconds. */
  readonly seconds: number;
}

/** While messages are sent. */
interface Course {
  readonly target: Target;
  readonly agents: number;
  /** Resolves when this part of the measured time is over, from 0 to 1. */
  readonly at: (part: number) => Promise<void>;
  /** Shown in the report. */
  readonly mark: (label: string) => void;
  readonly order: (order: Order) => void;
  /** What is due from now on is what each receiver is given again: the time until then is `resume`. */
  readonly resumes: () => void;
}

/** Somebody else who takes part, in another way than those of the generator. */
export interface Guest extends AsyncDisposable {
  readonly measured: readonly Measured[];
  /** Resolves when the measured time is over; both by the clock of the machine. */
  readonly stay: (from: number, until: number) => Promise<void>;
  /** When everybody has everything: figures, and times in milliseconds. */
  readonly tell: () => Promise<{
    readonly metrics: Readonly<Record<string, number>>;
    readonly times: Readonly<Partial<Record<Meter, readonly number[]>>>;
    readonly problems: readonly string[];
  }>;
}

/** A figure that decides whether a run was good. */
export interface Objective {
  readonly metric: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface Profile {
  readonly name: string;
  /** One sentence. */
  readonly about: string;
  readonly size: Size;
  /** What our own hub stands on, unless a flag says so. */
  readonly ground: Ground;
  readonly nodes: number;
  /** Seconds before it is measured. @default 5 */
  readonly warmUp?: number;
  /** It breaks something of the hub, which has to be our own. */
  readonly breaks?: 'nodes' | 'postgres' | 'redis';
  /** What of our own hub has another one that takes over. @default nothing */
  readonly spare?: Spare;
  readonly layout: (size: Size, random: Random) => Layout;
  readonly traffic: (size: Size) => Traffic;
  /** What happens besides. */
  readonly course?: (course: Course) => Promise<void>;
  /** Looked at while all are connected and nothing is said any more; what it finds are figures. */
  readonly inspect?: (target: Target, populated: Populated) => Promise<Readonly<Record<string, number>>>;
  /** Comes before the first agent connects. */
  readonly invite?: (target: Target, populated: Populated, run: string) => Promise<Guest>;
  readonly objectives: (size: Size, ground: Ground | 'foreign') => readonly Objective[];
}
