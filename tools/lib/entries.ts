import { isRecord } from './json.ts';
import type { Workspace } from './workspaces.ts';

/** One door of a package, as its users write it. */
export interface Entry {
  readonly specifier: string;
  /** What Node loads, relative to the package; undefined when `exports` leads nowhere. */
  readonly target: string | undefined;
}

export function entriesOf({ name, exports }: Pick<Workspace, 'name' | 'exports'>): Entry[] {
  return Object.entries(exports).map(([subpath, target]) => ({
    specifier: `${name}${subpath.slice(1)}`,
    target: defaultTarget(target),
  }));
}

export function isProgram({ specifier }: Entry): boolean {
  return !specifier.endsWith('.json');
}

function defaultTarget(target: unknown): string | undefined {
  const path = isRecord(target) ? target['default'] : target;
  return typeof path === 'string' ? path.replace(/^\.\//u, '') : undefined;
}
