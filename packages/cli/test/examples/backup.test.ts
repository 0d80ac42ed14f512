import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { connectHub, type Hub } from '@parley/hub-client';
import { freePort, startPostgres, until } from '@parley/services';
import { describe, expect, it } from 'vitest';
import { ownerPassword, patience, Place } from '../support/hub.ts';
import { program } from '../support/run.ts';

const documented = (file: string) => readFile(new URL(file, import.meta.url), 'utf8');

/** The commands of a region of the guide. */
async function commandsOf(region: string): Promise<string[]> {
  const [, rest = ''] = (await documented('backup.sh')).split(`# #region ${region}\n`);
  return rest.split('# #endregion')[0]?.trim().split('\n') ?? [];
}

/** Somebody who types what the guide says, in a folder of theirs, with one address for the hub. */
class Reader {
  readonly url: string;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #hub: ChildProcess | undefined;

  private constructor(folder: string, port: number, env: Readonly<Record<string, string>>) {
    this.url = `http://127.0.0.1:${port}`;
    this.#folder = folder;
    this.#env = {
      PATH: [join(folder, 'bin'), dirname(process.execPath), process.env['PATH']].join(':'),
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, 'config'),
      HUB_PORT: String(port),
      PARLEY_URL: this.url,
      ...env,
    };
  }

  static async open(folder: string, env: Readonly<Record<string, string>>): Promise<Reader> {
    await mkdir(join(folder, 'bin'));
    await symlink(program, join(folder, 'bin', 'parley'));
    return new Reader(folder, await freePort(), env);
  }

  async types(line: string, input = ''): Promise<string> {
    if (line.startsWith('parley hub start')) return this.#starts(line);
    const child = this.#runs(line);
    child.stdin?.end(input);
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${line} ended with ${code}: ${said}`);
    return said;
  }

  async typesAll(region: string): Promise<void> {
    for (const line of await commandsOf(region)) await this.types(line);
  }

  async ends(): Promise<void> {
    const hub = this.#hub;
    this.#hub = undefined;
    if (hub === undefined || hub.exitCode !== null) return;
    const ended = once(hub, 'close');
    hub.kill('SIGTERM');
    await ended;
  }

  async #starts(line: string): Promise<string> {
    const hub = this.#runs(line);
    this.#hub = hub;
    let said = '';
    hub.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    hub.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ready = () => fetch(`${this.url}/readyz`).then((response) => response.ok);
    await until(() => ready().catch(() => hub.exitCode !== null), {
      what: 'the hub is ready',
      deadline: 120_000,
    });
    return said;
  }

  #runs(line: string): ChildProcess {
    return spawn('bash', ['-c', `exec ${line}`], { cwd: this.#folder, env: this.#env });
  }
}

const textsOf = (client: Hub): string[] =>
  [...client.snapshot().channels.values()].flatMap(({ messages }) => messages.map(({ content }) => content));

describe('what the guide says of backups', { timeout: 2 * patience.timeout }, () => {
  it.each(['embedded', 'postgres'] as const)(
    'is all that it takes on %s: export, backup, wipe and restore, after which clients are right',
    async (kind) => {
      const place = await Place.make();
      const server = kind === 'postgres' ? await startPostgres() : undefined;
      const reader = await Reader.open(
        place.folder,
        server === undefined ? {} : { DATABASE_URL: server.url },
      );
      let client: Hub | undefined;
      try {
        const said = await reader.types('parley hub start');
        const code = /\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(said)?.[0] ?? '';
        await reader.types(`parley login --code ${code} --handle ann`, `${ownerPassword}\n`);
        await reader.types('parley channel create lab');
        await reader.types('parley send lab "before the backup"');
        const made = await reader.types('parley token create --name screen --scope read,write');
        const token = /parley_[\w-]{43}/.exec(made)?.[0];
        client = connectHub({ url: reader.url, token, maxPauseMs: 500 });
        await client.ready;
        await reader.typesAll('export');
        await reader.typesAll('backup');
        await reader.types('parley send lab "after the backup"');
        const screen = client;
        await until(() => textsOf(screen).includes('after the backup'), { what: 'the client has seen it' });

        await reader.ends();
        if (server === undefined) await rm(join(place.folder, 'data'), { recursive: true });
        else await server.query(await documented('backup.sql'));
        await reader.typesAll(kind === 'embedded' ? 'restore' : 'postgres');

        await reader.types('parley login --handle ann', `${ownerPassword}\n`);
        await reader.types('parley send lab "after the restoration"');
        await until(() => textsOf(screen).includes('after the restoration'), {
          what: 'the client goes on',
          deadline: 60_000,
        });
        for (const id of screen.snapshot().channels.keys()) while (await screen.loadOlder(id));
        expect(textsOf(screen).filter((text) => text.includes('the '))).toEqual([
          'before the backup',
          'after the restoration',
        ]);
        await reader.typesAll('import');
        await until(
          () => [...screen.snapshot().channels.values()].some(({ channel }) => channel.name === 'lab-2'),
          {
            what: 'the client has what was imported',
          },
        );
      } finally {
        client?.close();
        await reader.ends();
        await server?.[Symbol.asyncDispose]();
        await place.close();
      }
    },
  );
});
