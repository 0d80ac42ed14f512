import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';
import { readWorkspaces } from './workspaces.ts';

/** Copies what git knows of `root`, and what is built, so that a release can be tried without touching it. */
export async function copyWorkspace(root: string, folder: string): Promise<void> {
  const { code, stdout, output } = await run('git', ['ls-files', '-coz', '--exclude-standard'], {
    cwd: root,
  });
  if (code !== 0) throw new Error(`git ls-files failed:\n${output}`);
  const files = stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
  const built = readWorkspaces(root)
    .filter(({ publishable }) => publishable)
    .map((workspace) => `${workspace.folder}/dist`)
    .filter((path) => existsSync(join(root, path)));
  for (const path of [...files, ...built]) cpSync(join(root, path), join(folder, path), { recursive: true });
}
