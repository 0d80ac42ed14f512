import { parseDuration } from '@parley/cache-core/kernel';
import { usageError } from './cli-error.ts';

/** Milliseconds of `30m` or `12h`, given to an option. */
export function timeSpan(option: string, text: string): number {
  try {
    return parseDuration(text, { field: option, min: 1_000 });
  } catch {
    throw usageError(`${option} must be a time such as 30m, 12h or 30d`);
  }
}

/** Of milliseconds, the next whole number. */
export function seconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
