import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embedded } from '@parley/adapter-postgres';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startChild } from '../support/child.ts';
import { longMs, rule, takeOne } from '../support/ratelimit.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-limits-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each(['killed', 'closed'])(
  'an embedded database whose process was %s keeps who is blocked and what is out',
  async (how) => {
    await using child = startChild('limits-holding.ts', [folder]);
    await child.line();
    if (how === 'killed') child.kill();
    else child.say('end');
    await child.ended;
    await using db = await embedded({ folder });
    await using store = postgresLimitStore(db);
    expect(await takeOne(store, rule('concurrency', 1, longMs), 'ann', { holder: 'other' })).toMatchObject({
      ok: false,
    });
    expect(await takeOne(store, rule('gcra', 3, longMs, { name: 'blocked' }), 'ann')).toMatchObject({
      ok: false,
    });
    // A restart in order loses no counts either.
    const left = how === 'killed' ? 2 : 0;
    expect(await takeOne(store, rule('gcra', 3, longMs), 'ann')).toMatchObject({
      ok: how === 'killed',
      standings: [{ remaining: left }],
    });
  },
  120_000,
);
