import type { Workspace } from './workspaces.ts';

/**
 * The packages of ours that come along when somebody installs `name`: dependencies and required peers, and theirs.
 * With `optional`, the optional peers too.
 */
export function closureOf(
  name: string,
  workspaces: ReadonlyMap<string, Workspace>,
  optional: boolean,
): string[] {
  const found = new Set<string>();
  const add = (next: string): void => {
    const workspace = workspaces.get(next);
    if (!workspace || found.has(next)) return;
    found.add(next);
    const { dependencies, peerDependencies, optionalDependencies } = workspace.dependencies;
    const peers = Object.keys(peerDependencies).filter(
      (peer) => optional || !workspace.optionalPeers.has(peer),
    );
    [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers].forEach(add);
  };
  add(name);
  return [...found];
}
