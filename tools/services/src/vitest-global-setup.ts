import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { MissingServerError } from './errors.ts';
import { prepare } from './prepare.ts';
import { programs } from './programs.ts';
import type { Broker } from './shared-broker.ts';
import { BROKER_VARIABLE, startBroker } from './shared-broker.ts';
import { stopKeeper } from './keeper.ts';

const OWN_NAME = '@parley/services';

let broker: Broker | undefined;

async function usesServers({ config }: TestProject): Promise<boolean> {
  const manifest = await readFile(join(config.root, 'package.json'), 'utf8').catch(() => '');
  return manifest.includes(`"${OWN_NAME}"`);
}

/** Once per run, in the process that outlives the workers: what it starts is shared by all test files. */
export async function setup({ vitest }: TestProject): Promise<void> {
  broker = await startBroker();
  process.env[BROKER_VARIABLE] = broker.url;
  const uses = await Promise.all(vitest.projects.map(usesServers));
  if (!uses.includes(true)) return;
  for (const program of [programs.redis, programs.postgres])
    await prepare(program).catch((error: unknown) => {
      // Tests that need it will say so; the others must run.
      if (!(error instanceof MissingServerError)) process.stderr.write(`${String(error)}\n`);
    });
}

export async function teardown(): Promise<void> {
  await broker?.[Symbol.asyncDispose]();
  await stopKeeper();
}
