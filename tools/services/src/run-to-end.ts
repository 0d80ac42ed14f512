import { ServerFailedError } from './errors.ts';
import type { RunningProcess } from './launch.ts';

/** The output of a program that ends by itself; rejects when it fails. */
export async function runToEnd(running: RunningProcess, binary: string): Promise<string> {
  const { code, signal } = await running.wait();
  const output = await running.output();
  if (code !== 0) throw new ServerFailedError(`${binary} ended with ${signal ?? code}`, output);
  return output;
}
