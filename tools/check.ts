import { parseArgs } from 'node:util';
import { runFences, summary } from './lib/fences.ts';
import { ourFences } from './lib/our-fences.ts';
import { repository } from './lib/run.ts';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true, default: [] } } });
const unknown = values.only.filter((name) => !ourFences.some((fence) => fence.name === name));
if (unknown.length > 0) {
  console.error(
    `no fence is called ${unknown.join(', ')}; there are ${ourFences.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

const chosen = ourFences.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
const verdicts = await runFences(chosen, repository, (text) => console.log(text));
console.log(summary(verdicts));
process.exitCode = verdicts.every(({ passed }) => passed) ? 0 : 1;
