import { appendFileSync, readFileSync } from 'node:fs';

const variable = 'PARLEY_BENCH_LOG';

/** From now on the processes that this one starts write to `file`. */
export function logTo(file: string): void {
  process.env[variable] = file;
  appendFileSync(file, '');
}

/** For subjects, which tell what happened to them. */
export function logged(line: string): void {
  const file = process.env[variable];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}

export function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}
