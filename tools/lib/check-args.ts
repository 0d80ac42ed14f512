import { parseArgs } from 'node:util';

export interface CheckArgs {
  /** Empty: all there are. */
  readonly only: readonly string[];
  readonly help: boolean;
}

/** The command line asks for something that there is not; the message says what there is. */
export class CheckUsageError extends Error {
  override readonly name = 'CheckUsageError';
}

/** @param fences by their names */
export function parseCheckArgs(argv: readonly string[], fences: readonly string[]): CheckArgs {
  const { only, help } = flags(argv, fences);
  const unknown = only.filter((name) => !fences.includes(name));
  if (unknown.length > 0)
    throw new CheckUsageError(`no fence is called ${unknown.join(', ')}; there are ${fences.join(', ')}`);
  return { only, help };
}

export function checkUsage(fences: readonly string[]): string {
  return [
    'usage: npm run check -- [--only FENCE]...',
    '',
    'Holds this repository to its rules, and says how to repair what breaks them. Exit codes: 0 when all fences stand, 1 when one does not,',
    '2 for a call that cannot be carried out.',
    '',
    `fences: ${fences.join(', ')}`,
  ].join('\n');
}

function flags(argv: readonly string[], fences: readonly string[]): CheckArgs {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CheckUsageError(`${message}\n\n${checkUsage(fences)}`, { cause: error });
  }
}
