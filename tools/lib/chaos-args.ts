import { parseArgs } from 'node:util';

const USAGE = 'usage: npm run chaos -- [--minutes N] [--seed S] [--only NAME]...';
const DEFAULT_MINUTES = 5;
const MOST_MINUTES = 7 * 24 * 60;

export interface ChaosArgs {
  /** Of each run. */
  readonly minutes: number;
  /** Undefined: a new one. */
  readonly seed: number | undefined;
  /** Empty: all there are. */
  readonly only: readonly string[];
}

/** The command line asks for something that there is not; the message says what there is. */
export class ChaosUsageError extends Error {
  override readonly name = 'ChaosUsageError';
  readonly code = 'CHAOS_USAGE';
  readonly retryable = false;

  constructor(message: string, options?: ErrorOptions) {
    super(`${message}\n${USAGE}`, options);
  }
}

export function parseChaosArgs(argv: readonly string[]): ChaosArgs {
  const { minutes, seed, only } = flags(argv);
  return {
    minutes: minutes === undefined ? DEFAULT_MINUTES : minutesOf(minutes),
    seed: seed === undefined ? undefined : seedOf(seed),
    only,
  };
}

function flags(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        minutes: { type: 'string' },
        seed: { type: 'string' },
        only: { type: 'string', multiple: true, default: [] },
      },
    });
    return values;
  } catch (error) {
    throw new ChaosUsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (text.trim() === '' || !(minutes > 0 && minutes <= MOST_MINUTES)) {
    throw new ChaosUsageError(`--minutes ${text}: must be a number above 0, at most ${MOST_MINUTES}`);
  }
  return minutes;
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new ChaosUsageError(`--seed ${text}: must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return seed;
}
