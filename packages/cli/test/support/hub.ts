import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@parley/services';
import { run, start, type Finished, type RunOptions, type Running } from './run.ts';

export const patience = { timeout: 180_000 };

/** A hub of its own, as `parley hub start` makes one. */
export interface TestHub {
  readonly url: string;
  readonly setupCode: string | null;
  /** Of the hub itself, below the command line. */
  readonly pid: number;
  readonly process: Running;
}

/** A folder for a hub and for what its users keep, with everything that runs in it. */
export class Place {
  readonly folder: string;
  readonly #running: Running[] = [];

  constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Place> {
    return new Place(await mkdtemp(join(tmpdir(), 'parley-cli-')));
  }

  /** What is kept for a user of the machine. */
  home(name: string): Record<string, string> {
    return { XDG_CONFIG_HOME: join(this.folder, name) };
  }

  async startHub(port = '0', data = 'data'): Promise<TestHub> {
    const process = this.start(
      ['hub', 'start', '--json', '--port', port, '--data', join(this.folder, data)],
      {
        env: {
          HUB_LOG_LEVEL: 'silent',
          // Of the one who types it, and nothing for the hub.
          PARLEY_TOKEN: 'parley_of_the_user',
          PARLEY_URL: 'http://127.0.0.1:2',
        },
      },
    );
    await until(() => process.out().includes('\n') || this.#hasEnded(process), {
      what: 'the hub is ready',
      deadline: 120_000,
    });
    const news: { url: string; setupCode: string | null; pid: number } = JSON.parse(process.out());
    return { ...news, process };
  }

  start(args: readonly string[], options?: RunOptions): Running {
    const running = start(args, options);
    this.#running.push(running);
    return running;
  }

  async close(): Promise<void> {
    for (const running of this.#running.toReversed()) {
      running.kill('SIGTERM');
      await running.ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  #hasEnded({ pid }: Running): boolean {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  }
}

export const ownerPassword = 'a long password';

/** Somebody who types commands. */
export interface Typist {
  readonly env: Readonly<Record<string, string>>;
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Finished>;
  /** The one document of a command that must succeed. */
  readonly json: (args: readonly string[], options?: RunOptions) => Promise<unknown>;
}

export function typist(env: Readonly<Record<string, string>>): Typist {
  const own = (options: RunOptions = {}): RunOptions => ({ ...options, env: { ...env, ...options.env } });
  return {
    env,
    run: (args, options) => run(args, own(options)),
    async json(args, options) {
      const { code, out, err } = await run(['--json', ...args], own(options));
      if (code !== 0) throw new Error(`parley ${args.join(' ')} ended with ${code}: ${err}`);
      const value: unknown = JSON.parse(out);
      return value;
    },
  };
}

/** The first one to come, called ann. */
export async function ownerOf(place: Place, { url, setupCode }: TestHub): Promise<Typist> {
  const ann = typist(place.home('ann'));
  await ann.json(['login', '--url', url, '--code', setupCode ?? '', '--handle', 'ann'], {
    input: `${ownerPassword}\n`,
  });
  return ann;
}
