import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Chaos } from '@parley/services';
import { ChaosUsageError } from './chaos-args.ts';

const PLACES = '{packages,apps,tools}/*/chaos/*.chaos.ts';

/** All chaos runs of the workspace, by name. */
export async function findChaos(root: string): Promise<Chaos[]> {
  const found = new Map<string, Chaos>();
  for (const path of globSync(PLACES, { cwd: root }).toSorted()) {
    const module: unknown = await import(pathToFileURL(join(root, path)).href);
    const chaos =
      typeof module === 'object' && module !== null && 'chaos' in module ? module.chaos : undefined;
    if (!isChaos(chaos))
      throw new TypeError(`${path} must export \`chaos: Chaos\`, a name and a function \`run\``);
    if (found.has(chaos.name))
      throw new TypeError(`${path}: there is another chaos run called ${chaos.name}`);
    found.set(chaos.name, chaos);
  }
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Those that were asked for, or all. */
export function chooseChaos(all: readonly Chaos[], only: readonly string[]): readonly Chaos[] {
  const names = all.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new ChaosUsageError(
      `--only ${unknown.join(', ')}: no chaos run has this name; there are ${names.join(', ')}`,
    );
  }
  return only.length === 0 ? all : all.filter(({ name }) => only.includes(name));
}

function isChaos(value: unknown): value is Chaos {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    value.name !== '' &&
    'run' in value &&
    typeof value.run === 'function'
  );
}
