import { readFile } from 'node:fs/promises';
import { UsageError } from '../command/arguments.ts';
import { format, type Result } from '../run/result.ts';

/** What `--json` has written. */
export async function readResult(file: string): Promise<Result> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read`, { cause });
  });
  const value = parse(file, text);
  if (Reflect.get(value, 'format') !== format) throw new UsageError(`${file} is no result of this load test`);
  // Whatever says that it is of this format was written by this program.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as Result;
}

function parse(file: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new UsageError(`${file} is no JSON object`);
}
