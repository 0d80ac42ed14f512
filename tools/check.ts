import { join } from 'node:path';
import { checkUsage, CheckUsageError, parseCheckArgs, type CheckArgs } from './lib/check-args.ts';
import { runFences, summary } from './lib/fences.ts';
import { ourFences } from './lib/our-fences.ts';
import { repository } from './lib/run.ts';
import { inTurn } from './lib/turns.ts';

const names = ourFences.map(({ name }) => name);
const { only, help } = asked();
if (help) {
  console.log(checkUsage(names));
  process.exit(0);
}

const chosen = ourFences.filter(({ name }) => only.length === 0 || only.includes(name));
const check = () => runFences(chosen, repository, (text) => console.log(text));
// What one check builds, another one must not pack at the same moment.
const builds = chosen.some(({ commands }) => commands.some(([program]) => program === 'nx'));
const lock = join(repository, 'node_modules/.cache/parley-check.lock');
const verdicts = builds
  ? await inTurn(lock, () => console.error('waiting for another check in this folder'), check)
  : await check();
console.log(summary(verdicts));
process.exitCode = verdicts.every(({ passed }) => passed) ? 0 : 1;

function asked(): CheckArgs {
  try {
    return parseCheckArgs(process.argv.slice(2), names);
  } catch (error) {
    if (!(error instanceof CheckUsageError)) throw error;
    console.error(error.message);
    return process.exit(2);
  }
}
