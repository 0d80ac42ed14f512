import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A script of the server. It is called by its hash, and sent whole only where the server does not know it. */
export interface Script {
  readonly name: string;
  readonly lua: string;
  readonly sha: string;
}

/** @param parts names of files in `lua/`; what several scripts share comes first */
export function loadScript(...parts: readonly [string, ...string[]]): Script {
  // Beside `src` as beside `dist`.
  const lua = parts
    .map((part) => readFileSync(new URL(`../lua/${part}.lua`, import.meta.url), 'utf8'))
    .join('\n');
  return { name: parts.at(-1) ?? '', lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** Whether the server answered that it does not know the script: it did nothing, and may be sent all of it. */
export function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
