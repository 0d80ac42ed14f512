import { aptInstall, aptIsNoWay } from './apt.ts';
import type { Binaries } from './binaries.ts';
import { findBinaries } from './binaries.ts';
import { MissingServerError } from './errors.ts';
import { dockerAnswers } from './docker.ts';
import type { Program } from './programs.ts';
import { unprivilegedUser } from './user.ts';

type Way = 'docker' | 'binaries' | 'apt';

/** Where a program was found. */
export type Resolution =
  | { readonly way: 'docker'; readonly image: string }
  | ({ readonly way: 'binaries' } & Binaries);

/**
 * Containers run in the network of the host. Only on Linux that is the network of the tests, without a setting of Docker Desktop that is off
 * by default: elsewhere what is installed comes first.
 */
const WAYS: readonly Way[] =
  process.platform === 'linux' ? ['docker', 'binaries', 'apt'] : ['binaries', 'docker', 'apt'];

/** `PARLEY_SERVICES` narrows the ways: `docker`, `binaries` (never installs) or `apt` (binaries, installed when missing). */
function allowedWays({ image }: Program, forced: string | undefined): readonly Way[] {
  if (forced === undefined || forced === '') return WAYS;
  const way = WAYS.find((candidate) => candidate === forced);
  if (way === undefined) throw new Error(`PARLEY_SERVICES=${forced}: must be one of ${WAYS.join(', ')}`);
  // A fault that no image carries comes from the machine, wherever the servers come from.
  if (way === 'docker' && image === undefined) return ['binaries', 'apt'];
  return way === 'apt' ? ['binaries', 'apt'] : [way];
}

/** What a search asks of the machine. */
export interface Machine {
  readonly env: NodeJS.ProcessEnv;
  readonly dockerAnswers: (env: NodeJS.ProcessEnv) => Promise<boolean>;
  /** Why packages cannot be installed, or undefined. */
  readonly aptIsNoWay: () => string | undefined;
  readonly aptInstall: (program: Program) => Promise<void>;
}

const thisMachine: Machine = {
  env: process.env,
  dockerAnswers: (env) => dockerAnswers(env),
  aptIsNoWay,
  aptInstall: (program) => aptInstall(program),
};

/** Without memory: every call looks again. */
export async function search(program: Program, machine: Machine = thisMachine): Promise<Resolution> {
  const { env } = machine;
  const tried: string[] = [];

  async function inContainers(): Promise<Resolution | undefined> {
    if (program.image === undefined) return undefined;
    if (await machine.dockerAnswers(env)) return { way: 'docker', image: program.image };
    tried.push('Docker: no daemon answers');
    return undefined;
  }

  async function onThisMachine(): Promise<Resolution | undefined> {
    const user = program.refusesRoot ? unprivilegedUser() : undefined;
    const { found, rejected } = await findBinaries(program, { path: env['PATH'] ?? '', user });
    if (found !== undefined) return { way: 'binaries', ...found };
    const folders = ['the PATH', ...program.folders].join(', ');
    tried.push(`${program.binaries.join(', ')}: not found in ${folders}`, ...rejected);
    return undefined;
  }

  async function installed(): Promise<Resolution | undefined> {
    const obstacle = machine.aptIsNoWay();
    if (obstacle !== undefined) {
      tried.push(obstacle);
      return undefined;
    }
    try {
      await machine.aptInstall(program);
    } catch (error) {
      tried.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
    tried.push(`apt-get: installed ${program.debian}`);
    return onThisMachine();
  }

  const ways = { docker: inContainers, binaries: onThisMachine, apt: installed };
  for (const way of allowedWays(program, env['PARLEY_SERVICES'])) {
    const resolution = await ways[way]();
    if (resolution !== undefined) return resolution;
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
