import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const generated = new Set(['node_modules', 'dist', 'coverage', '.nx', '.results', '.git', 'cache']);
const program = /\.[cm]?[jt]sx?$/u;

/** The program files below `folder`, relative to `root`, with forward slashes; nothing installed or generated. */
export function sourceFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .flatMap((entry) => {
      const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return generated.has(entry.name) ? [] : sourceFiles(root, path);
      return entry.isFile() && program.test(entry.name) ? [path] : [];
    });
}
