import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** That of a package which is installed. */
export function versionOf(name: string): string {
  const file = createRequire(import.meta.url).resolve(name);
  const folder = file.slice(0, file.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}/`.length);
  const { version }: { version: string } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  return version;
}
