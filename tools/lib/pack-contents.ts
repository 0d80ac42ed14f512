import { isRecord } from './json.ts';
import type { Packed } from './pack.ts';
import type { Workspace } from './workspaces.ts';

/** What is wrong with the files of a tarball: doors that lead nowhere, leftovers of older builds, things not for users. */
export function contentProblems(workspace: Workspace, { files }: Packed): string[] {
  const held = new Set(files);
  const doors = [...new Set(Object.values(workspace.exports).flatMap(pathsIn))];
  return [
    ...doors
      .filter((path) => !held.has(path))
      .map((path) => `exports names ${path}, which is not in the package; is it built?`),
    ...files
      .filter((path) => isStale(path, held))
      .map((path) => `${path} has no source any more; remove dist and build again`),
    ...files
      .filter((path) => /\.tsbuildinfo$|(^|\/)(test|node_modules)\/|\.test\.|\.tgz$/u.test(path))
      .map((path) => `${path} is not for users; leave it out by "files" in package.json`),
  ];
}

function pathsIn(target: unknown): string[] {
  if (typeof target === 'string') return [target.replace(/^\.\//u, '')];
  return isRecord(target) ? Object.values(target).flatMap(pathsIn) : [];
}

/** `tsc -b` leaves the output of removed sources where it was, and npm would publish it. */
function isStale(path: string, held: ReadonlySet<string>): boolean {
  const built = /^dist\/(.+)\.js$/u.exec(path);
  return built !== null && !held.has(`src/${built[1]}.ts`) && !held.has(`src/${built[1]}.tsx`);
}
