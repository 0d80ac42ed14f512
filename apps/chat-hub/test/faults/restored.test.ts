import { execFile } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPostgres } from '@parley/services';
import { expect, test } from 'vitest';
import { deploy } from '../support/deployment.ts';
import { begin } from '../support/trial.ts';
import { sound } from '../support/verdict.ts';

test(
  'an older copy of the data in the place of the newer one, of which Postgres itself knows nothing, is found out by nodes that had seen more',
  { timeout: 240_000 },
  async () => {
    await using server = await startPostgres();
    await using deployment = await deploy({ nodes: 2, env: { DATABASE_URL: server.url } });
    await using trial = await begin(deployment);
    const { traffic, receivers } = trial;
    const data = join(server.folder, 'data');
    const copy = join(server.folder, 'copy');
    await traffic.more(40);
    await server.kill();
    await promisify(execFile)('cp', ['-a', data, copy]);
    await server.restart({ data: 'keep' });
    await traffic.more(40);
    const before = receivers.epoch;

    receivers.expectTurn();
    await server.kill();
    await rm(data, { recursive: true });
    await rename(copy, data);
    await server.restart({ data: 'keep' });
    await traffic.more(40);
    const { lost, ...rest } = await trial.judge();
    const { lost: _, ...nothing } = sound;
    expect(rest).toEqual(nothing);
    expect(lost.length).toBeGreaterThan(0);
    expect(receivers.epoch).not.toBe(before);
  },
);
