import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startS3 } from '@parley/services';
import type { Hub } from '../../src/compose.ts';
import type { Tables } from '../../src/database/tables.ts';
import { openBlobs } from '../../src/files/blobs/open-blobs.ts';
import { hubDatabases, inject } from '../support/hub.ts';
import { openKeep, type Keep } from '../support/keeping-world.ts';
import { found, takeBackup, type Settled } from '../support/settled.ts';

async function nonceOf(hub: Hub): Promise<string> {
  return (await hub.tables.kysely<Tables>().selectFrom('workspace').select('nonce').executeTakeFirstOrThrow())
    .nonce;
}

const bytes = randomBytes(1_200_000);

describe.each(hubDatabases)('on %s, a backup', { timeout: 120_000 }, (kind) => {
  let keep: Keep;
  let hub: Hub;
  let settled: Settled;
  let backup: Buffer;
  let epoch: string;

  beforeAll(async () => {
    keep = await openKeep(kind);
    hub = await keep.open();
    settled = await found(hub, bytes);
    // Of a process that died over a backup.
    await mkdir(join(keep.folder, 'data', 'backup-of-the-dead'), { recursive: true });
    backup = await takeBackup(hub, settled.owner);
    epoch = await nonceOf(hub);
  }, 120_000);
  afterAll(() => keep[Symbol.asyncDispose](), 60_000);

  test('leaves nothing behind, and the hub goes on', async () => {
    const names = await readdir(join(keep.folder, 'data')).catch(() => []);
    const left = names.filter((name) => name.startsWith('backup-'));
    expect(left).toEqual(kind === 'embedded' ? [] : ['backup-of-the-dead']);
    expect((await settled.say('after the backup')).statusCode).toBe(201);
  });

  test('is for the owner alone, and is noted', async () => {
    for (const method of ['GET', 'HEAD'])
      for (const path of ['backup', 'export'])
        expect((await inject(hub, method, `/api/v1/${path}`, { token: settled.admin })).statusCode).toBe(403);
    const head = await inject(hub, 'HEAD', '/api/v1/backup', { token: settled.owner });
    expect(head.statusCode).toBe(200);
    const { audit } = await hub.tables
      .kysely<Tables>()
      .selectFrom('audit')
      .select(({ fn }) => fn.countAll<string>().as('audit'))
      .where('action', '=', 'backup.make')
      .executeTakeFirstOrThrow();
    expect(Number(audit)).toBe(1);
  });

  test('is lines of JSON that end with their hash, without codes and with every table', async () => {
    const lines = gunzipSync(backup).toString('utf8').trimEnd().split('\n');
    const end: { end: { sha256: string } } = JSON.parse(lines.at(-1) ?? '');
    const all = lines.slice(0, -1).map((line) => `${line}\n`);
    expect(end.end.sha256).toBe(createHash('sha256').update(all.join('')).digest('hex'));
    const { rows } = await hub.parley.database.query(
      { text: `select table_name from information_schema.tables where table_schema = $1` },
      [hub.tables.schema],
    );
    const told = lines.flatMap((line) =>
      line.startsWith('{"columns"') ? [/"of":"(\w+)"/.exec(line)?.[1]] : [],
    );
    expect(new Set([...told, 'migrations'])).toEqual(new Set(rows.map(([name]) => name)));
  });

  test('brings back all of it, at another place, in another epoch', async () => {
    await using other = await openKeep(kind);
    const text = gunzipSync(backup).toString('utf8');
    const pack = (text: string): Buffer => gzipSync(text);
    const damaged: [reason: string, wrong: Buffer][] = [
      ['the rest of it is missing', pack(text.slice(0, Math.floor(text.length / 2)))],
      ['the rest of it is missing', pack(text.slice(0, text.lastIndexOf('{"end"')))],
      ['its hash is another one', pack(text.replace('before the backup', 'before the bakcup'))],
      ['other bytes', pack(text.replace(/("blob":"[^"]*","sha256":")[0-9a-f]{4}/, '$10000'))],
      [
        'update the hub',
        pack(
          text.replace('001_people', '999_future').replace(/"checksum":"[0-9a-f]{8}/, '"checksum":"00000000'),
        ),
      ],
      ['not that of a backup', pack('nothing of the kind\n')],
      ['is missing', backup.subarray(0, backup.length / 2)],
      ['no backup', Buffer.from('no gzip')],
    ];
    // The embedded Postgres takes its time to open.
    const tried = kind === 'embedded' ? damaged.slice(0, 1) : damaged;
    for (const [reason, wrong] of tried) await expect(other.restore(wrong)).rejects.toThrow(reason);

    const restored = await other.restore(backup);
    expect(restored).toMatchObject({ lostFiles: 0 });
    expect(restored.blobs).toBeGreaterThan(1);
    const again = await other.open();
    expect(again.setup).toBeUndefined();
    expect(await nonceOf(again)).not.toBe(epoch);
    const { rows: analyzed } = await again.parley.database.query({
      text: `select reltuples from pg_class where oid = '${again.tables.schema}.messages'::regclass`,
    });
    expect(Number(analyzed[0]?.[0])).toBeGreaterThan(0);
    const { messages, search, file, rev } = await settled.look(again);
    expect(messages).toEqual(['with a file', 'before the backup']);
    expect(search).toBe(1);
    expect(file.equals(bytes)).toBe(true);
    expect(rev).toBeGreaterThan(1_700_000_000_000);
    // What is written now goes on behind what there was, and the chain of the audit log goes on.
    expect((await settled.say('after it', again)).statusCode).toBe(201);
    await again.sealer.seal();
    const { rows } = await again.parley.database.query({
      text: `select count(*) - max(seq), (select count(*) from ${again.tables.schema}.audit) - count(*) from ${again.tables.schema}.audit_seals`,
    });
    expect(rows).toEqual([['0', '0']]);
    await again.close();
    await expect(other.restore(backup)).rejects.toThrow('a workspace here already');
  });
});

test(
  'files of a bucket come back to a folder and to a bucket; of which the backup does not have all bytes, those are deleted, and nothing else',
  { timeout: 120_000 },
  async () => {
    await using s3 = await startS3();
    await using keep = await openKeep('postgres', {
      HUB_FILES: `s3://${s3.bucket}/hub`,
      HUB_S3_ENDPOINT: s3.endpoint,
      HUB_S3_ACCESS_KEY: s3.accessKey,
      HUB_S3_SECRET_KEY: s3.secretKey,
    });
    await using other = await openKeep('postgres');
    const hub = await keep.open();
    const settled = await found(hub, bytes);
    const backup = await takeBackup(hub, settled.owner);
    const lines = gunzipSync(backup).toString('utf8').trimEnd().split('\n');
    const blobs = lines.flatMap((line, i) => (line.startsWith('{"blob"') ? [i] : []));
    const kept = lines.filter((_, i) => i !== blobs[0]).slice(0, -1);
    const told = `${kept.join('\n')}\n`;
    const rows = kept.filter((line) => line.startsWith('{"table"')).length;
    const sha256 = createHash('sha256').update(told).digest('hex');
    const end = JSON.stringify({ end: { rows, blobs: blobs.length - 1, missing: 1, sha256 } });
    const { lostFiles } = await other.restore(gzipSync(`${told}${end}\n`));
    expect(lostFiles).toBe(1);
    const again = await other.open();
    const { fileStatus, messages } = await settled.look(again);
    expect([fileStatus, messages.length]).toEqual([404, 2]);

    // One of the parts is still in the bucket, and the other one is not.
    const { key } = JSON.parse(lines[blobs[0] ?? 0]?.replace('"blob"', '"key"') ?? '');
    await keep.wipe();
    const place = keep.config.files.place;
    if (place === undefined) throw new Error('there is a bucket');
    await (await openBlobs(place)).delete(String(key));
    expect(await keep.restore(backup)).toMatchObject({ lostFiles: 0 });
    expect((await settled.look(await keep.open())).file.equals(bytes)).toBe(true);
  },
);
