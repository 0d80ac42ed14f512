import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '@parley/services';
import { expect, test } from 'vitest';
import { launchHub } from '../support/hub-process.ts';
import { openKeep } from '../support/keeping-world.ts';
import { found, takeBackup } from '../support/settled.ts';

test(
  'who dies while a backup is restored leaves an empty place, and it is restored by the next try',
  { timeout: 120_000 },
  async () => {
    await using keep = await openKeep('postgres');
    const hub = await keep.open();
    const settled = await found(hub, randomBytes(300_000));
    const backup = await takeBackup(hub, settled.owner);

    await using other = await openKeep('embedded');
    // It never ends, so that the restoration is in the middle of it for certain.
    const path = join(other.folder, 'endless');
    execFileSync('mkfifo', [path]);
    const env = Object.fromEntries(
      Object.entries(other.config.environment).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    );
    await using restoring = await launchHub(env, ['restore', path]);
    const writing = createWriteStream(path);
    writing.on('error', () => undefined);
    writing.write(backup.subarray(0, -1_000));
    const blobs = async (): Promise<string[]> =>
      (await readdir(join(other.folder, 'files'), { recursive: true }).catch(() => [])).filter((name) =>
        // A hub that begins tries by a file of its own whether it can write.
        /(?<!trial)-[0-9a-f]{12}$/.test(name),
      );
    await until(async () => (await blobs()).length > 0, {
      what: 'bytes of a file are there',
      deadline: 60_000,
    });
    await restoring.kill();
    writing.destroy();

    expect(await other.restore(backup)).toMatchObject({ lostFiles: 0 });
    const again = await other.open();
    expect((await settled.look(again)).messages).toEqual(['with a file', 'before the backup']);
    expect(await blobs()).toHaveLength(2);
    await again.close();
  },
);
