import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectPostgres } from '@parley/adapter-postgres';
import { silentLogger } from '@parley/cache-core/kernel';
import { sharedPostgres } from '@parley/services';
import { openHub, type Hub } from '../../src/compose.ts';
import { newId } from '../../src/database/ids.ts';
import { readHubConfig, type HubConfig } from '../../src/config.ts';
import type { Restored } from '../../src/backup/restore.ts';
import { restoreFile } from '../../src/restore-program.ts';
import type { HubDatabase } from './hub.ts';

/** A place where a hub keeps what it has, also when it does not run: a folder, or a database of a server. */
export interface Keep extends AsyncDisposable {
  readonly folder: string;
  readonly config: HubConfig;
  /** A node; closed with the place, if not before. */
  readonly open: (more?: Partial<HubConfig>) => Promise<Hub>;
  /** Takes away everything that was kept. No node runs on it. */
  readonly wipe: () => Promise<void>;
  readonly restore: (backup: Uint8Array) => Promise<Restored>;
}

export async function openKeep(kind: HubDatabase, env: Readonly<Record<string, string>> = {}): Promise<Keep> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-keep-'));
  const server = kind === 'postgres' ? await sharedPostgres() : undefined;
  const config = readHubConfig({
    NODE_ENV: 'development',
    HUB_PORT: '0',
    HUB_LIMITS: 'off',
    HUB_FILES: join(folder, 'files'),
    ...(server === undefined ? { HUB_DATA: join(folder, 'data') } : { DATABASE_URL: server.url }),
    ...env,
  });
  // Others have their hubs on the same server.
  const isolation = server && `t${newId().replaceAll('-', '').slice(-20)}`;
  const nodes: Hub[] = [];
  const wipe = async (): Promise<void> => {
    for (const node of nodes.splice(0)) await node.close();
    if (server !== undefined && isolation !== undefined) {
      await using db = connectPostgres({ url: server.url });
      await db.query({ text: `drop schema if exists hub_${isolation}, parley_${isolation} cascade` });
    }
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
  };
  return {
    folder,
    config,
    wipe,
    async open(more = {}) {
      const hub = await openHub({ ...config, ...more }, { logger: silentLogger, isolation });
      nodes.push(hub);
      return hub;
    },
    async restore(backup) {
      const path = join(folder, 'restored.backup');
      await writeFile(path, backup);
      return restoreFile(config, path, { logger: silentLogger, isolation });
    },
    async [Symbol.asyncDispose]() {
      await wipe();
      await server?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
