import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Channel, ImportReport, Message } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { expect, test } from 'vitest';
import { startHub } from '../support/hub-process.ts';
import { settle } from '../support/workspace.ts';

const count = 1_500;

/** Of another hub: a channel with many messages. */
const lines = [
  { user: { id: 'u', kind: 'person', handle: 'zoe', displayName: 'Zoe' } },
  { channel: { id: 'c', kind: 'public', name: 'imported' } },
  ...Array.from({ length: count }, (_, i) => ({
    message: {
      id: `${i}`,
      channelId: 'c',
      senderId: 'u',
      content: `number ${i}`,
      timestamp: 1_600_000_000_000 + i,
    },
  })),
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

const lastLine = (backup: Buffer): string =>
  gunzipSync(backup).toString('utf8').trimEnd().split('\n').at(-1) ?? '';

test(
  'a hub that is killed over an import goes on with it, and one that is killed over a backup leaves nothing that looks like one',
  { timeout: 400_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-killed-'));
    await using hub = await startHub({ env: { HUB_DATA: folder } });
    try {
      const { owner } = await settle(hub);
      const ask = (path: string, init: RequestInit = {}) =>
        fetch(`${hub.url}/api/v1${path}`, {
          ...init,
          headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/octet-stream' },
        });
      const take = () =>
        ask('/imports/elsewhere', {
          method: 'POST',
          body: lines,
        });
      const imported = async (): Promise<Channel | undefined> => {
        const page: { items: Channel[] } = JSON.parse(await (await ask('/channels?limit=50')).text());
        return page.items.find(({ name }) => name === 'imported');
      };

      const cut = take().catch(() => undefined);
      await until(async () => ((await imported())?.seq ?? 0) > 100, { what: 'some are there', every: 5 });
      await hub.kill();
      await cut;
      await hub.start();
      const before = (await imported())?.seq ?? 0;
      const report: ImportReport = JSON.parse(await (await take()).text());
      expect(report.refused).toEqual([]);
      expect(report.added + report.known).toBe(count + 2);
      expect((await imported())?.seq).toBeGreaterThanOrEqual(before);
      const texts = new Set<string>();
      const { id = '' } = (await imported()) ?? {};
      for (let place = ''; ;) {
        const response = await ask(`/channels/${id}/messages?limit=200${place}`);
        const page: { items: Message[]; older: boolean } = JSON.parse(await response.text());
        for (const { content } of page.items) {
          expect(texts.has(content)).toBe(false);
          texts.add(content);
        }
        if (!page.older) break;
        place = `&before=${Math.min(...page.items.map(({ seq }) => seq))}`;
      }
      expect(texts.size).toBe(count);

      const copies = async () => (await readdir(folder)).filter((name) => name.startsWith('backup-'));
      // As much of it as came before the hub died: unless that was all, it is cut off for who reads it, too.
      const response = await ask('/backup');
      const reader = response.body?.getReader();
      const pieces: Uint8Array[] = [];
      const read = async (): Promise<boolean> => {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (value !== undefined) pieces.push(value);
        return !done;
      };
      await read();
      await hub.kill();
      await hub.start();
      const rest = async (): Promise<string> => {
        while (await read());
        return lastLine(Buffer.concat(pieces));
      };
      expect(await rest().catch(() => 'cut off')).toMatch(/^cut off$|^\{"end":/);
      expect(lastLine(Buffer.from(await (await ask('/backup')).arrayBuffer()))).toMatch(/^\{"end":/);
      expect(await copies()).toEqual([]);
    } finally {
      await hub.kill().catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    }
  },
);
