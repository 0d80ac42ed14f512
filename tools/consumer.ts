import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConsumerMemory } from './lib/consumer-memory.ts';
import { consume } from './lib/consumer.ts';
import { pack } from './lib/pack.ts';
import { repository } from './lib/run.ts';
import { withScratch } from './lib/scratch.ts';
import { together } from './lib/together.ts';
import { readWorkspaces } from './lib/workspaces.ts';

const { values, positionals } = parseArgs({
  options: { root: { type: 'string', default: repository }, fresh: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const root = resolve(values.root);
const publishable = readWorkspaces(root).filter((workspace) => workspace.publishable);
const chosen = positionals.length > 0 ? positionals : publishable.map(({ name }) => name);
const memory = new ConsumerMemory();
let failed = 0;

await withScratch('pack', async (folder) => {
  const workspaces = new Map(publishable.map((workspace) => [workspace.name, workspace]));
  const packed = await together(publishable.map((workspace) => pack(root, workspace, folder)));
  const shelf = { workspaces, tarballs: new Map(packed.map((one) => [one.name, one])) };
  for (const name of chosen) {
    if (!values.fresh && memory.knows(name, shelf)) {
      console.log(`${name}: unchanged since it was last consumed`);
      continue;
    }
    try {
      await consume(name, shelf);
      memory.remember(name, shelf);
      console.log(`${name}: installs, imports and compiles`);
    } catch (error) {
      failed += 1;
      console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
});
process.exitCode = failed === 0 ? 0 : 1;
