import { randomBytes } from 'node:crypto';
import { InvalidArgument } from '@parley/cache-core/kernel';

/** What keeps the entries of one test from those of another, and from everything else. */
export interface Isolation {
  /** The schema of ours in a database. */
  readonly schema: string;
  /** What stands behind the names of all other schemas. */
  readonly suffix: string;
  /** What stands behind the prefix of keys. */
  readonly prefix: string;
  /** Whether all of it goes when it is closed. */
  readonly temporary: boolean;
}

/**
 * @param mode NODE_ENV: each that is opened by a test stands alone
 * @param name those of one name share their entries, and keep them
 */
export function isolationOf(mode: string, name: string | undefined): Isolation {
  if (name !== undefined) {
    if (!/^[a-z\d_]{1,30}$/.test(name)) {
      throw new InvalidArgument('isolation', '1 to 30 lower-case letters, digits or "_"', name);
    }
    return { schema: `parley_${name}`, suffix: `_${name}`, prefix: `${name}:`, temporary: false };
  }
  if (mode !== 'test') return { schema: 'parley', suffix: '', prefix: '', temporary: false };
  const own = `test_${randomBytes(6).toString('hex')}`;
  return { schema: `parley_${own}`, suffix: `_${own}`, prefix: `${own}:`, temporary: true };
}
