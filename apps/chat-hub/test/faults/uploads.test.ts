import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadFile, uploadFile } from '@parley/hub-client/files';
import { callHub } from '@parley/hub-client';
import { expect, test } from 'vitest';
import { startHub } from '../support/hub-process.ts';
import { settle } from '../support/workspace.ts';

test(
  'a hub that is killed in the middle of an upload goes on with it when it is back',
  { timeout: 180_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-killed-'));
    try {
      await using hub = await startHub({ env: { HUB_DATA: join(folder, 'data') } });
      const { owner } = await settle(hub);
      const where = { url: hub.url, token: owner.token };
      const { items } = await callHub(where)('listChannels');
      const channelId = items[0]?.id ?? '';
      const bytes = randomBytes(2_000_000);
      let killed: Promise<void> | undefined;
      const seen: number[] = [];
      const file = await uploadFile({
        ...where,
        channelId,
        name: 'a.bin',
        source: new Blob([bytes]),
        sha256: createHash('sha256').update(bytes).digest('hex'),
        partBytes: 500_000,
        patienceMs: 170_000,
        onProgress(received) {
          seen.push(received);
          // The next part is on its way when it dies.
          if (received >= 500_000) killed ??= hub.kill().then(() => hub.start());
        },
      });
      await killed;
      expect(file).toMatchObject({ state: 'ready', size: bytes.length });
      // What was acknowledged before was not sent again.
      expect(seen.filter((received) => received === 0)).toHaveLength(1);
      expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
      const content = await downloadFile({ ...where, fileId: file.id });
      expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
