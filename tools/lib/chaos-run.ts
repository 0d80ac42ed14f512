import { inspect } from 'node:util';
import type { Chaos } from '@parley/services';

export interface ChaosRunOptions {
  readonly seed: number;
  /** Of each run. */
  readonly minutes: number;
  /** Aborted: the present run ends early and no other begins. */
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  /** Milliseconds that a run may take beyond its minutes, for its start and end. @default 120000 */
  readonly grace?: number;
}

export type ChaosVerdict = 'passed' | 'failed' | 'hung' | 'interrupted';

/** A run that never ends breaks the first promise there is. */
class HungError extends Error {
  override readonly name = 'HungError';
}

/** Runs them one after another. Nothing comes after one that hangs: what it holds would disturb the next. */
export async function runChaos(chosen: readonly Chaos[], options: ChaosRunOptions): Promise<ChaosVerdict[]> {
  const { seed, minutes, signal, print } = options;
  const verdicts: ChaosVerdict[] = [];
  for (const chaos of chosen) {
    if (signal.aborted) break;
    print(`${chaos.name}: ${minutes} min, seed ${seed}`);
    const verdict = await judge(chaos, options);
    verdicts.push(verdict);
    print(`${chaos.name}: ${verdict}`);
    if (verdict === 'hung') break;
  }
  return verdicts;
}

/** The command that does the same again. */
function reproduction({ name }: Chaos, { minutes, seed }: Pick<ChaosRunOptions, 'minutes' | 'seed'>): string {
  return `npm run chaos -- --only ${name} --minutes ${minutes} --seed ${seed}`;
}

async function judge(chaos: Chaos, options: ChaosRunOptions): Promise<ChaosVerdict> {
  const { seed, minutes, signal, print } = options;
  const log = (line: string): void => print(`  ${line}`);
  try {
    await attended(() => chaos.run({ seed, minutes, signal, log }), options);
    return signal.aborted ? 'interrupted' : 'passed';
  } catch (error) {
    print(inspect(error));
    print(`again: ${reproduction(chaos, options)}`);
    return error instanceof HungError ? 'hung' : 'failed';
  }
}

/** Ends with the run, or with an error that nobody handled, or when the run is overdue. */
async function attended(
  run: () => Promise<void>,
  { minutes, grace = 120_000 }: ChaosRunOptions,
): Promise<void> {
  const { promise: trouble, reject } = Promise.withResolvers<never>();
  const limit = minutes * 60_000 + grace;
  const overdue = setTimeout(() => reject(new HungError(`did not end within ${limit} ms`)), limit);
  const stray = (error: unknown): void => reject(new Error('an error that nobody handled', { cause: error }));
  process.on('unhandledRejection', stray);
  process.on('uncaughtException', stray);
  try {
    await Promise.race([run(), trouble]);
  } finally {
    clearTimeout(overdue);
    process.off('unhandledRejection', stray);
    process.off('uncaughtException', stray);
  }
}
