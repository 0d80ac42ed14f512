import { InvalidArgument } from '@parley/cache-core/kernel';

/**
 * The name of a schema that is ours. Short enough to leave room in the 63 bytes of a channel name, and of a form that every tool for
 * operators shows and takes without quotes.
 */
export function requireSchema(field: string, value: unknown): string {
  if (typeof value !== 'string' || !/^[a-z_][a-z0-9_]{0,39}$/.test(value)) {
    throw new InvalidArgument(
      field,
      '1 to 40 lower-case letters, digits or "_", not beginning with a digit',
      value,
    );
  }
  if (value.startsWith('pg_')) throw new InvalidArgument(field, 'free of the prefix "pg_"', value);
  return value;
}
