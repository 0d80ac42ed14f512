interface SearchStep {
  readonly rate: number;
  readonly met: boolean;
}

export interface SearchOptions {
  /** The first that is tried. */
  readonly from: number;
  /** Whether the objectives are met at this rate. */
  readonly holds: (rate: number) => Promise<boolean>;
  /** The answer is at most so much too low, as a part of itself. @default 0.1 */
  readonly within?: number;
  /** @default 12 */
  readonly mostSteps?: number;
}

export interface Found {
  /** The largest rate that was held; undefined: none was. */
  readonly rate: number | undefined;
  readonly steps: readonly SearchStep[];
}

/** Doubles until it does not hold, or halves until it does, and then looks in between. */
export async function searchRate({
  from,
  holds,
  within = 0.1,
  mostSteps = 12,
}: SearchOptions): Promise<Found> {
  const steps: SearchStep[] = [];
  let held: number | undefined;
  let broken: number | undefined;
  let rate = from;
  while (steps.length < mostSteps && rate >= 1) {
    const met = await holds(rate);
    steps.push({ rate, met });
    if (met) held = rate;
    else broken = rate;
    if (broken === undefined) rate *= 2;
    else if (held === undefined) {
      if (rate === 1) break;
      rate = Math.max(1, Math.floor(rate / 2));
    } else {
      if (broken - held <= Math.max(1, held * within)) break;
      rate = Math.round((held + broken) / 2);
    }
  }
  return { rate: held, steps };
}
