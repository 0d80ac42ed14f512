import { InvalidArgument } from './errors.ts';

/** Returns the value when it is a whole number within the bounds, and throws {@link InvalidArgument} otherwise. */
export function requireInteger(
  field: string,
  value: number,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new InvalidArgument(field, `a whole number from ${min} to ${max}`, value);
}

/** Returns the value when it is a number of milliseconds above zero; fractions and `Infinity` (never) are legal. */
export function requireMs(field: string, value: number): number {
  if (typeof value === 'number' && value > 0) return value;
  throw new InvalidArgument(field, 'a number of milliseconds above 0', value);
}
