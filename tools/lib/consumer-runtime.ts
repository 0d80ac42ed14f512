import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from './entries.ts';
import { isRecord, stringsIn } from './json.ts';
import { repository, run } from './run.ts';

export interface NodeRelease {
  readonly name: string;
  readonly binary: string;
}

/** The oldest Node that users may have, and the one that we work with. */
export const nodes: readonly NodeRelease[] = [
  { name: 'Node 22', binary: join(repository, 'tools/node22/node_modules/node/bin/node') },
  { name: 'Node 24', binary: join(repository, 'node_modules/node/bin/node') },
];

export type ExportNames = ReadonlyMap<string, readonly string[]>;

/** Imports every entry under one Node and tells the names that each gives. A module that holds the process open fails. */
export async function importEverything(
  folder: string,
  entries: readonly Entry[],
  { name, binary }: NodeRelease,
): Promise<ExportNames> {
  const script = join(folder, 'import-everything.mjs');
  await writeFile(script, importer(entries));
  const { code, stdout, output } = await run(binary, [script], { cwd: folder, timeout: 30_000 });
  if (code !== 0) throw new Error(`importing fails under ${name}:\n${output.trim()}`);
  const names: unknown = JSON.parse(stdout);
  if (!isRecord(names)) throw new Error(`importing prints something else under ${name}:\n${output.trim()}`);
  return new Map(Object.entries(names).map(([specifier, exported]) => [specifier, stringsIn(exported)]));
}

function importer(entries: readonly Entry[]): string {
  const lines = entries.map(({ specifier }) => {
    const attributes = specifier.endsWith('.json') ? ", { with: { type: 'json' } }" : '';
    const path = JSON.stringify(specifier);
    return `names[${path}] = Object.keys(await import(${path}${attributes})).sort();`;
  });
  return ['const names = {};', ...lines, 'console.log(JSON.stringify(names));', ''].join('\n');
}
