import { join } from 'node:path';
import { isRecord } from './json.ts';
import { run } from './run.ts';
import type { Workspace } from './workspaces.ts';

export interface Packed {
  readonly name: string;
  readonly version: string;
  readonly tarball: string;
  readonly integrity: string;
  /** What the tarball holds, relative to the package. */
  readonly files: readonly string[];
}

/** Packs one workspace as `npm publish` would, into `destination`. */
export async function pack(root: string, workspace: Workspace, destination: string): Promise<Packed> {
  const { code, stdout, output } = await run(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', destination],
    { cwd: join(root, workspace.folder) },
  );
  const packed = code === 0 ? packedIn(JSON.parse(stdout)) : undefined;
  if (!packed) throw new Error(`npm pack of ${workspace.name} failed:\n${output}`);
  const files = Array.isArray(packed['files']) ? packed['files'].filter(isRecord) : [];
  return {
    name: workspace.name,
    version: String(packed['version']),
    tarball: join(destination, String(packed['filename'])),
    integrity: String(packed['integrity']),
    files: files.map(({ path }) => String(path)),
  };
}

/** npm up to 11 answers with a list, later ones with an object by name. */
function packedIn(answer: unknown) {
  const [first]: unknown[] = isRecord(answer) ? Object.values(answer) : Array.isArray(answer) ? answer : [];
  return isRecord(first) ? first : undefined;
}
