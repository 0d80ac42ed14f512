import { columns } from './columns.ts';
import { safeLine } from './safe-text.ts';

/** What is known of one thing, a line each; what is empty is left out. */
export function facts(
  rows: ReadonlyArray<readonly [name: string, value: string | null | undefined]>,
): string {
  const known = rows.flatMap(([name, value]) =>
    value == null || value === '' ? [] : [[name, safeLine(value)]],
  );
  return columns(known).join('\n');
}
