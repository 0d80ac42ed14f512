import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keeper } from './keeper.ts';
import type { Launcher, LaunchSpec, RunningProcess } from './launch.ts';
import type { Program } from './programs.ts';
import { runToEnd } from './run-to-end.ts';
import { unprivilegedUser } from './user.ts';

const OUTPUT_BYTES = 16_384;

/** Beside the folder, not inside: some programs insist on an empty one, and wiping data must not take the evidence. */
const logOf = (folder: string): string => `${folder}.log`;

/** The end of a file, of what was written after `from`. */
async function tail(file: string, from: number): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(OUTPUT_BYTES),
      position: Math.max(from, size - OUTPUT_BYTES),
    });
    return buffer.toString('utf8', 0, bytesRead).trim();
  } finally {
    await handle.close();
  }
}

/** Children of the keeper. `binaries` is the folder of the program. */
export function localLauncher(program: Program, binaries: string): Launcher {
  const user = program.refusesRoot === true ? unprivilegedUser() : undefined;

  async function start({ binary, args, folder, env }: LaunchSpec): Promise<RunningProcess> {
    const log = logOf(folder);
    const { size } = await stat(log).catch(() => ({ size: 0 }));
    const kept = await (
      await keeper()
    ).spawn({
      program: join(binaries, binary),
      args,
      cwd: folder,
      env: { PATH: `${binaries}:/usr/bin:/bin`, HOME: folder, LANG: 'C.UTF-8', TZ: 'UTC', ...env },
      log,
      ...(user === undefined ? {} : { user }),
    });
    return { ...kept, output: () => tail(log, size) };
  }

  return {
    way: 'binaries',
    createFolder: async (name) => (await keeper()).createFolder(name, user),
    async removeFolder(folder) {
      const own = await keeper();
      await Promise.all([own.removeFolder(folder), own.removeFolder(logOf(folder))]);
    },
    start,
    run: async (spec) => runToEnd(await start(spec), spec.binary),
  };
}
