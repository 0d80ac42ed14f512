import { dirname, posix } from 'node:path';
import { core, hasHome, kernel, takesKernelOnly } from './floors.ts';
import { packageOf, type Import } from './imports.ts';
import { homeMessage } from './layer-manifests.ts';
import { arrowProblem, isTypeOnlyArrow, type Placed, type Violation } from './layer-rules.ts';

export interface SourceFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly room: Placed;
  readonly imports: readonly Import[];
}

/** What one program file imports, held against the house. */
export function importViolations(file: SourceFile, rooms: readonly Placed[]): Violation[] {
  const { path, room } = file;
  // Runs of random faults are tests too, only longer.
  const inTest = ['test', 'chaos'].some((folder) => path.startsWith(`${room.folder}/${folder}/`));
  const inKernel = room.name === core && path.startsWith(`${room.folder}/src/kernel/`);
  return file.imports.flatMap((imported) => {
    const found = inKernel
      ? kernelProblem(path, room, imported)
      : isRelative(imported.specifier)
        ? escapeProblem(file, rooms, imported, inTest)
        : packageProblem(room, rooms, imported, inTest);
    return found ? [{ ...found, where: `${path}:${imported.line}` }] : [];
  });
}

type Finding = Omit<Violation, 'where'>;

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.');
}

function targetOf(path: string, { specifier }: Import): string {
  return posix.join(dirname(path), specifier);
}

function kernelProblem(path: string, room: Placed, imported: Import): Finding | undefined {
  const { specifier } = imported;
  if (isRelative(specifier) && targetOf(path, imported).startsWith(`${room.folder}/src/kernel/`))
    return undefined;
  return {
    rule: 'kernel',
    message: `the kernel runs in browsers too and imports nothing but itself, not "${specifier}"`,
  };
}

function escapeProblem(
  { path, room }: SourceFile,
  rooms: readonly Placed[],
  imported: Import,
  inTest: boolean,
): Finding | undefined {
  const target = targetOf(path, imported);
  const home = rooms.find((other) => target.startsWith(`${other.folder}/`));
  if (home ? home.name === room.name : room.folder === '.') return undefined;
  // The pages of an app live in its folder, and its tests are theirs.
  if (inTest && home?.folder.startsWith(`${room.folder}/`)) return undefined;
  const { specifier } = imported;
  const where = home ? `reaches into ${home.folder}; import ${home.name}` : `leaves ${room.folder}`;
  return { rule: 'escape', message: `"${specifier}" ${where}` };
}

function packageProblem(
  room: Placed,
  rooms: readonly Placed[],
  { specifier, typeOnly }: Import,
  inTest: boolean,
): Finding | undefined {
  const name = packageOf(specifier);
  if (name === undefined) return undefined;
  if (!hasHome(name, room.name, room.floor)) return { rule: 'home', message: homeMessage(name) };
  const to = rooms.find((other) => other.name === name);
  if (!to) return undefined;
  const arrow = arrowProblem(room, to, inTest);
  if (arrow) return { rule: 'arrow', message: arrow };
  const entry = `.${specifier.slice(name.length)}`;
  if (!(entry in to.exports)) return { rule: 'deep-import', message: `${name} does not export "${entry}"` };
  if (to.name === core && specifier !== kernel && takesKernelOnly(room.name, room.floor))
    return { rule: 'kernel-only', message: `${room.name} takes only ${kernel} of ${core}` };
  if (!inTest && !typeOnly && specifier !== kernel && isTypeOnlyArrow(room, to))
    return { rule: 'type-only', message: `an adapter takes "${specifier}" by \`import type\` only` };
  return undefined;
}
