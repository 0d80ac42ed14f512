import { InvalidArgument } from './errors.ts';

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A length of time in public options: a number of seconds, or a number with its unit, such as `'250ms'`, `'5m'`, `'1.5h'`. */
export type Duration = number | `${number}${keyof typeof units}`;

export interface DurationOptions {
  /** The option's name in error messages. */
  field: string;

  /**
   * The least that is accepted, in milliseconds.
   *
   * @default 0
   */
  min?: number;

  /**
   * The most that is accepted, in milliseconds.
   *
   * @default 100 years
   */
  max?: number;
}

const century = 36_525 * units.d;
const grammar = /^(\d{1,15}(?:\.\d{1,15})?)(ms|s|m|h|d)$/;

/**
 * Milliseconds of a duration, rounded to a whole number.
 *
 * What is not a duration throws {@link InvalidArgument} with the field and the value: `NaN`, `Infinity`, negative or too large
 * numbers, text without a unit, and what is above zero but rounds to none, since no time at all often means something else.
 */
export function parseDuration(value: unknown, options: DurationOptions): number {
  const { field, min = 0, max = century } = options;
  const exact = typeof value === 'number' ? value * units.s : milliseconds(value);
  if (Number.isNaN(exact) || exact < 0) {
    throw new InvalidArgument(
      field,
      `a number of seconds or a text such as '250ms', '5s', '5m', '1.5h', '2d'`,
      value,
    );
  }
  const ms = Math.round(exact);
  if (ms === 0 && exact > 0) throw new InvalidArgument(field, 'zero or at least 1 ms', value);
  if (ms < min) throw new InvalidArgument(field, `at least ${min} ms`, value);
  if (ms > max) throw new InvalidArgument(field, `at most ${max} ms`, value);
  return ms;
}

function milliseconds(value: unknown): number {
  const [, amount, unit] = (typeof value === 'string' ? grammar.exec(value) : undefined) ?? [];
  if (amount === undefined || !isUnit(unit)) return Number.NaN;
  return Number(amount) * units[unit];
}

function isUnit(unit: string | undefined): unit is keyof typeof units {
  return unit !== undefined && Object.hasOwn(units, unit);
}
