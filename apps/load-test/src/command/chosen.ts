import { UsageError } from './arguments.ts';

/** Of all, those that `--only` names; without it those that are not aside. */
export function chosen<T extends { readonly name: string; readonly aside?: boolean }>(
  all: readonly T[],
  only: readonly string[] | undefined,
): readonly T[] {
  if (only === undefined) return all.filter(({ aside }) => aside !== true);
  const names = all.map(({ name }) => name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`--only knows no "${unknown}": there are ${names.join(', ')}`);
  return all.filter(({ name }) => only.includes(name));
}
