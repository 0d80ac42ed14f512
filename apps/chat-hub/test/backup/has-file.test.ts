import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Hub } from '../../src/compose.ts';
import type { Tables } from '../../src/database/tables.ts';
import { inject } from '../support/hub.ts';
import { openKeep } from '../support/keeping-world.ts';
import { found, takeBackup } from '../support/settled.ts';

test(
  'a message whose file was deleted is not found by it, also after a restore',
  { timeout: 120_000 },
  async () => {
    await using keep = await openKeep('postgres');
    const hub = await keep.open();
    const { owner: token } = await found(hub, randomBytes(200_000));
    const count = async (at: Hub): Promise<number> => {
      const answer = await inject(at, 'GET', '/api/v1/search?query=has:file', { token });
      return answer.json<{ items: unknown[] }>().items.length;
    };
    expect(await count(hub)).toBe(1);
    const { id } = await hub.tables
      .kysely<Tables>()
      .selectFrom('files')
      .select('id')
      .executeTakeFirstOrThrow();
    expect((await inject(hub, 'DELETE', `/api/v1/files/${id}`, { token })).statusCode).toBe(204);
    expect(await count(hub)).toBe(0);
    const backup = await takeBackup(hub, token);
    await using other = await openKeep('postgres');
    await other.restore(backup);
    expect(await count(await other.open())).toBe(0);
  },
);
