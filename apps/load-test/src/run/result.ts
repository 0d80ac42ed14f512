import type { Percentiles } from '../measure/histogram.ts';
import type { Meter } from '../generator/figures.ts';
import type { Size } from '../profiles/profile.ts';
import type { Ground } from '../target/servers.ts';
import type { Second } from './timeline.ts';

/** Changes when files of before cannot be read any more. */
export const format = 1;

export interface Verdict {
  readonly metric: string;
  readonly value: number | null;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly met: boolean;
}

export interface Mark {
  readonly at: number;
  readonly label: string;
}

export interface ProcessPoint {
  readonly at: number;
  readonly cpu: number;
  readonly pss?: number | undefined;
}

export interface ProcessSeries {
  readonly name: string;
  readonly role: string;
  readonly points: readonly ProcessPoint[];
}

/** All that is known of a run: what is written as JSON, and what reports are made of. */
export interface Result {
  readonly format: typeof format;
  readonly profile: string;
  readonly about: string;
  readonly began: string;
  readonly size: Size & { readonly warmUp: number };
  readonly ground: Ground | 'foreign';
  readonly nodes: number;
  readonly workers: number;
  readonly seed: number;
  readonly machine: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly verdicts: readonly Verdict[];
  readonly times: Readonly<Partial<Record<Meter, Percentiles>>>;
  /** For the curve: percent and milliseconds. */
  readonly deliveryCurve: readonly (readonly [number, number])[];
  readonly seconds: readonly Second[];
  readonly processes: readonly ProcessSeries[];
  readonly marks: readonly Mark[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
  /** What to know before the figures are believed. */
  readonly warnings: readonly string[];
}

export function passed({ verdicts }: Pick<Result, 'verdicts'>): boolean {
  return verdicts.every(({ met }) => met);
}
