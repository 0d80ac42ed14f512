import type { Statement } from './database.ts';

/** What a statement does, for error messages. */
export function operationOf({ operation, name }: Statement): string {
  return operation ?? name ?? 'a statement';
}
