import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { suite } from '../command/suite.ts';
import { readResult } from '../report/read-result.ts';
import type { Result } from '../run/result.ts';
import { readScaling, scalingName } from '../scaling/result.ts';
import type { ScalingResult } from '../scaling/result.ts';

export interface KeptRun {
  readonly name: string;
  readonly result: Result;
}

/** What was measured and is told on the pages. */
export interface Kept {
  readonly runs: readonly KeptRun[];
  readonly scaling: ScalingResult | undefined;
}

export function keptFile(docs: URL, name: string): URL {
  return new URL(`results/load/${name}.json`, docs);
}

/** In the order of the suite. */
export async function readKept(docs: URL): Promise<Kept> {
  const files = await readdir(new URL('results/load/', docs)).catch((): string[] => []);
  const there = suite.filter(({ name }) => files.includes(`${name}.json`));
  return {
    runs: await Promise.all(
      there.map(async ({ name }) => ({
        name,
        result: await readResult(fileURLToPath(keptFile(docs, name))),
      })),
    ),
    scaling: files.includes(`${scalingName}.json`)
      ? await readScaling(keptFile(docs, scalingName))
      : undefined,
  };
}
