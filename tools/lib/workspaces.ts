import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRecord, stringsIn, type JsonRecord } from './json.ts';

export const dependencyKinds = [
  'dependencies',
  'peerDependencies',
  'optionalDependencies',
  'devDependencies',
] as const;
export type DependencyKind = (typeof dependencyKinds)[number];

export interface Workspace {
  readonly name: string;
  readonly version: string;
  /** Relative to the root of the repository, with forward slashes. */
  readonly folder: string;
  readonly publishable: boolean;
  readonly exports: JsonRecord;
  readonly dependencies: Readonly<Record<DependencyKind, Readonly<Record<string, string>>>>;
  readonly optionalPeers: ReadonlySet<string>;
}

export function readJson(path: string): JsonRecord {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isRecord(value)) throw new Error(`${path} holds no JSON object`);
  return value;
}

function ranges(manifest: JsonRecord, kind: DependencyKind): Record<string, string> {
  const value = manifest[kind];
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, range]) => [name, String(range)]));
}

export function readWorkspace(root: string, folder: string): Workspace {
  const path = join(root, folder, 'package.json');
  const manifest = readJson(path);
  const { name, version } = manifest;
  if (typeof name !== 'string' || typeof version !== 'string')
    throw new Error(`${path} needs a name and a version`);
  const meta = manifest['peerDependenciesMeta'];
  const optional = isRecord(meta)
    ? Object.keys(meta).filter((peer) => isRecord(meta[peer]) && meta[peer]['optional'] === true)
    : [];
  return {
    name,
    version,
    folder,
    publishable: manifest['private'] !== true,
    exports: isRecord(manifest['exports']) ? manifest['exports'] : {},
    dependencies: {
      dependencies: ranges(manifest, 'dependencies'),
      peerDependencies: ranges(manifest, 'peerDependencies'),
      optionalDependencies: ranges(manifest, 'optionalDependencies'),
      devDependencies: ranges(manifest, 'devDependencies'),
    },
    optionalPeers: new Set(optional),
  };
}

/** Every folder that the root package.json names as a workspace, in the order of their paths. */
export function readWorkspaces(root: string): Workspace[] {
  return stringsIn(readJson(join(root, 'package.json'))['workspaces'])
    .flatMap((pattern) => globSync(`${pattern}/package.json`, { cwd: root }))
    .map((path) => dirname(path).replaceAll('\\', '/'))
    .toSorted()
    .map((folder) => readWorkspace(root, folder));
}
