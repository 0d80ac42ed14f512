import { InvalidArgument, safeCall } from '@parley/cache-core/kernel';
import type { IdentityList } from './rule-options.ts';

/** Whether an identity is on the list; undefined where there is no list, which spares a call for each check. */
export function listed(
  field: string,
  list: IdentityList | undefined,
): ((identity: string) => boolean) | undefined {
  if (list === undefined) return undefined;
  if (typeof list === 'function') return (identity) => safeCall(field, list, identity) === true;
  if (typeof list === 'string' || typeof list[Symbol.iterator] !== 'function')
    throw new InvalidArgument(field, 'a list of identities or a function', list);
  const names = new Set(list);
  return (identity) => names.has(identity);
}
