import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runFences, summary } from './lib/fences.ts';
import { ourFences } from './lib/our-fences.ts';
import { repository } from './lib/run.ts';
import { inTurn } from './lib/turns.ts';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true, default: [] } } });
const unknown = values.only.filter((name) => !ourFences.some((fence) => fence.name === name));
if (unknown.length > 0) {
  console.error(
    `no fence is called ${unknown.join(', ')}; there are ${ourFences.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

const chosen = ourFences.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
const check = () => runFences(chosen, repository, (text) => console.log(text));
// What one check builds, another one must not pack at the same moment.
const builds = chosen.some(({ commands }) => commands.some(([program]) => program === 'nx'));
const lock = join(repository, 'node_modules/.cache/parley-check.lock');
const verdicts = builds
  ? await inTurn(lock, () => console.error('waiting for another check in this folder'), check)
  : await check();
console.log(summary(verdicts));
process.exitCode = verdicts.every(({ passed }) => passed) ? 0 : 1;
