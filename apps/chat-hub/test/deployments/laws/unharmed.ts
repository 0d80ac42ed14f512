import type { Deployment } from '../../support/deployment.ts';
import type { Traffic } from '../../support/traffic.ts';
import { begin, type Trial } from '../../support/trial.ts';
import { sound, type Verdict } from '../../support/verdict.ts';

export interface Outcome extends Verdict {
  /** How often somebody was told to begin anew. */
  readonly gaps: number;
}

/** Everything arrived once and in order, nothing is lost, and nobody had to begin anew. */
export const unharmed: Outcome = { ...sound, gaps: 0 };

export async function outcomeOf({ judge, receivers }: Trial): Promise<Outcome> {
  return { ...(await judge()), gaps: receivers.gaps };
}

/** Something happens in the middle of traffic: what came of it. */
export async function surviving(
  deployment: Deployment,
  happening: (traffic: Traffic) => Promise<void>,
): Promise<Outcome> {
  await using trial = await begin(deployment);
  await trial.traffic.more(30);
  await happening(trial.traffic);
  await trial.traffic.more(30);
  return await outcomeOf(trial);
}
