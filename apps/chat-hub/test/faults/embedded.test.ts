import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@parley/services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deploy } from '../support/deployment.ts';
import { launchHub } from '../support/hub-process.ts';
import { begin } from '../support/trial.ts';
import { sound } from '../support/verdict.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-embedded-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

const locks = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith('.lock'));

test(
  'a hub that is killed while it writes goes on with all that it acknowledged; a second one on its folder is refused and disturbs nobody',
  { timeout: 240_000 },
  async () => {
    await using deployment = await deploy({ nodes: 1, env: { HUB_DATA: folder } });
    const [hub] = deployment.nodes;
    if (hub === undefined) throw new Error('there is no hub');
    await using trial = await begin(deployment);
    const { traffic, receivers } = trial;
    for (let round = 0; round < 3; round += 1) {
      await traffic.more(40);
      await hub.kill();
      await hub.start();
      // That of the dead one is gone.
      expect(await locks()).toEqual([expect.stringContaining(`-${hub.pid}-`)]);
    }

    const second = await launchHub({ HUB_DATA: folder, HUB_PORT: String(await freePort()) });
    expect(await second.exited).toMatchObject({ code: 1 });
    const said = await second.output();
    expect(said).toContain(`in use by process ${hub.pid}`);
    expect(said).toContain('Another hub runs on this folder');
    expect(said).not.toContain('    at ');
    await second.stop();

    await traffic.more(20);
    expect(await trial.judge()).toEqual(sound);
    // Nothing was lost, and nobody is told to begin anew.
    expect(receivers.gaps).toBe(0);
    expect(await hub.stop()).toMatchObject({ code: 0 });
    expect(await locks()).toEqual([]);
  },
);
