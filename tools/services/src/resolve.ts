import { aptInstall, aptIsNoWay } from './apt.ts';
import type { Binaries } from './binaries.ts';
import { findBinaries } from './binaries.ts';
import { MissingServerError } from './errors.ts';
import { dockerAnswers } from './docker.ts';
import type { Program } from './programs.ts';
import { unprivilegedUser } from './user.ts';

export type Way = 'docker' | 'binaries' | 'apt';

/** Where a program was found. */
export type Resolution =
  | { readonly way: 'docker'; readonly image: string }
  | ({ readonly way: 'binaries' } & Binaries);

const WAYS: readonly Way[] = ['docker', 'binaries', 'apt'];

/** `PARLEY_SERVICES` narrows the ways: `docker`, `binaries` (never installs) or `apt` (binaries, installed when missing). */
function allowedWays(forced: string | undefined): readonly Way[] {
  if (forced === undefined || forced === '') return WAYS;
  const way = WAYS.find((candidate) => candidate === forced);
  if (way === undefined) throw new Error(`PARLEY_SERVICES=${forced}: must be one of ${WAYS.join(', ')}`);
  return way === 'apt' ? ['binaries', 'apt'] : [way];
}

async function search(program: Program): Promise<Resolution> {
  const ways = allowedWays(process.env['PARLEY_SERVICES']);
  const tried: string[] = [];
  if (ways.includes('docker') && program.image !== undefined) {
    if (await dockerAnswers()) return { way: 'docker', image: program.image };
    tried.push('Docker: no daemon answers');
  }
  const user = program.refusesRoot ? unprivilegedUser() : undefined;
  if (ways.includes('binaries')) {
    const { found, rejected } = await findBinaries(program, { user });
    if (found !== undefined) return { way: 'binaries', ...found };
    tried.push(
      `${program.binaries.join(', ')}: not on the PATH, nor in ${program.folders.join(', ')}`,
      ...rejected,
    );
  }
  if (ways.includes('apt')) {
    const obstacle = aptIsNoWay();
    if (obstacle !== undefined) tried.push(obstacle);
    else {
      const failure = await aptInstall(program).catch((error: unknown) => error);
      const { found, rejected } = await findBinaries(program, { user });
      if (found !== undefined) return { way: 'binaries', ...found };
      tried.push(failure instanceof Error ? failure.message : `${program.debian} was installed`, ...rejected);
    }
  }
  throw new MissingServerError(program, tried);
}

const resolved = new Map<Program, Promise<Resolution>>();

/** Docker, else the machine's own binaries, else Debian's package; rejects with `MissingServerError`. Remembered once found. */
export function resolveProgram(program: Program): Promise<Resolution> {
  const known = resolved.get(program);
  if (known !== undefined) return known;
  const found = search(program);
  resolved.set(program, found);
  found.catch(() => resolved.delete(program));
  return found;
}
