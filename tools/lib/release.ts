import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from './json.ts';
import { contentProblems } from './pack-contents.ts';
import { pack } from './pack.ts';
import { run } from './run.ts';
import { withScratch } from './scratch.ts';
import { together } from './together.ts';
import { caretAllows, isNewer, majorOf } from './versions.ts';
import { dependencyKinds, readJson, readWorkspaces, type Workspace } from './workspaces.ts';

export interface DryRelease {
  /** One line for each package that would be published. */
  readonly steps: readonly string[];
  readonly problems: readonly string[];
}

/** Versions and packs everything in `folder`, which must be a copy: it changes package.json files and changelogs. */
export async function dryRelease(folder: string): Promise<DryRelease> {
  const before = readWorkspaces(folder);
  const asked = askedFor(folder);
  addSample(
    folder,
    before.filter(({ name, publishable }) => publishable && !asked.has(name)),
  );
  const { code, output } = await run('npm', ['run', '--silent', 'release:version'], { cwd: folder });
  const after = new Map(readWorkspaces(folder).map((workspace) => [workspace.name, workspace]));
  const published = before.flatMap((old) => {
    const now = after.get(old.name);
    return old.publishable && now ? [{ old, now }] : [];
  });
  const problems = [
    ...(code === 0 ? [] : [`npm run release:version failed:\n${output.trim()}`]),
    ...published.flatMap(({ old, now }) =>
      versionProblems(folder, old, now, asked.get(old.name) === 'major'),
    ),
    ...[...after.values()].flatMap((workspace) => rangeProblems(workspace, after)),
    ...lockProblems(folder, [...after.values()]),
    ...leftOver(folder).map((path) => `${path} was not consumed`),
    ...(await packProblems(
      folder,
      published.map(({ now }) => now),
    )),
  ];
  return { steps: published.map(({ old, now }) => `${old.name} ${old.version} -> ${now.version}`), problems };
}

/** The packages that changesets name, with the largest bump that was asked for. */
function askedFor(folder: string): Map<string, string> {
  const asked = new Map<string, string>();
  for (const path of leftOver(folder)) {
    const [, header = ''] = readFileSync(join(folder, path), 'utf8').split(/^---$/mu);
    for (const [, name, bump] of header.matchAll(/^["']?([^"'\n]+?)["']?: *(\w+)/gmu)) {
      if (name && bump && asked.get(name) !== 'major') asked.set(name, bump);
    }
  }
  return asked;
}

function leftOver(folder: string): string[] {
  return globSync('.changeset/*.md', { cwd: folder }).filter((path) => !path.endsWith('README.md'));
}

function addSample(folder: string, unnamed: readonly Workspace[]): void {
  if (unnamed.length === 0) return;
  const header = unnamed.map(({ name }) => `"${name}": patch`).join('\n');
  writeFileSync(join(folder, '.changeset/dry-release.md'), `---\n${header}\n---\n\nA dry release.\n`);
}

function versionProblems(folder: string, old: Workspace, now: Workspace, majorAsked: boolean): string[] {
  const problems: string[] = [];
  if (!isNewer(now.version, old.version)) problems.push(`${old.name} stays at ${old.version}`);
  if (!majorAsked && majorOf(now.version) !== majorOf(old.version))
    problems.push(`${old.name} becomes ${now.version}, and no changeset asks for a major version`);
  const changelog = join(folder, now.folder, 'CHANGELOG.md');
  if (!existsSync(changelog) || !readFileSync(changelog, 'utf8').includes(`## ${now.version}\n`))
    problems.push(`${now.folder}/CHANGELOG.md tells nothing of ${now.version}`);
  return problems;
}

function rangeProblems(workspace: Workspace, after: ReadonlyMap<string, Workspace>): string[] {
  return dependencyKinds.flatMap((kind) =>
    Object.entries(workspace.dependencies[kind]).flatMap(([name, range]) => {
      const target = after.get(name);
      if (!target || caretAllows(range, target.version)) return [];
      return [
        `${workspace.folder}/package.json: ${kind} has ${name} ${range}, which leaves out ${target.version}`,
      ];
    }),
  );
}

/** `npm ci` refuses a lockfile that lags behind the package.json files, so the release would break every clone. */
function lockProblems(folder: string, workspaces: readonly Workspace[]): string[] {
  const locked = readJson(join(folder, 'package-lock.json'))['packages'];
  return workspaces
    .filter(({ folder: path, version }) => {
      const entry = isRecord(locked) ? locked[path] : undefined;
      return !isRecord(entry) || entry['version'] !== version;
    })
    .map(({ folder: path, version }) => `package-lock.json does not know ${path} at ${version}`);
}

function packProblems(folder: string, workspaces: readonly Workspace[]): Promise<string[]> {
  return withScratch('pack', async (destination) => {
    const found = await together(
      workspaces.map(async (workspace) => {
        const packed = await pack(folder, workspace, destination);
        return contentProblems(workspace, packed).map((problem) => `${workspace.name}: ${problem}`);
      }),
    );
    return found.flat();
  });
}
