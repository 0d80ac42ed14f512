import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf, isProgram } from './entries.ts';
import { isRecord } from './json.ts';
import { run, type Outcome } from './run.ts';
import { withScratch } from './scratch.ts';
import { readWorkspaces } from './workspaces.ts';

const limitsFile = '.size-limit.json';

/** Entries without a limit, and limits without an entry: a new door must not come in unweighed. */
export function limitProblems(root: string): string[] {
  const file = join(root, limitsFile);
  const limits: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const named = Array.isArray(limits) ? limits.filter(isRecord) : [];
  const entries = readWorkspaces(root)
    .filter(({ publishable }) => publishable)
    .flatMap((workspace) =>
      entriesOf(workspace)
        .filter(isProgram)
        .map(({ specifier, target }) => ({ specifier, path: `${workspace.folder}/${target}` })),
    );
  const missing = entries
    .filter(({ specifier }) => !named.some((limit) => limit['name'] === specifier && 'limit' in limit))
    .map(({ specifier, path }) => `"${specifier}" (${path}) has no limit in ${limitsFile}`);
  const wrong = named
    .filter(({ name, path }) => !entries.some((entry) => entry.specifier === name && entry.path === path))
    .map(
      ({ name, path }) =>
        `${limitsFile} weighs "${String(name)}" at ${String(path)}, which no package exports`,
    );
  // Without it, esbuild bundles the entry as a program that uses none of its own exports.
  const hollow = named
    .filter((limit) => limit['import'] !== '*')
    .map(
      ({ name }) =>
        `${limitsFile} weighs "${String(name)}" without "import": "*", so that everything is shaken off`,
    );
  return [...missing, ...wrong, ...hollow];
}

/** Bundles and weighs every entry that has a limit. */
export function weigh(root: string): Promise<Outcome> {
  // Its bundles go where they are removed also after Ctrl+C.
  return withScratch('size', (folder) => {
    const config = join(folder, 'limits.mjs');
    writeFileSync(config, asModules(root));
    return run('size-limit', ['--config', config], { cwd: root, env: { TMPDIR: folder } });
  });
}

/** The limits as a program: only that can tell esbuild to make modules, in which `import.meta` means something. */
const asModules = (root: string): string => `
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
const root = ${JSON.stringify(root)};
const modifyEsbuildConfig = (config) => ({ ...config, format: 'esm' });
export default JSON.parse(readFileSync(resolve(root, '${limitsFile}'), 'utf8')).map((limit) => ({
  ...limit,
  path: resolve(root, limit.path),
  modifyEsbuildConfig,
}));
`;
