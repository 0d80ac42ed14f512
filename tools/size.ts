import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from './lib/run.ts';
import { limitProblems, weigh } from './lib/sizes.ts';

const { values } = parseArgs({ options: { root: { type: 'string', default: repository } } });
const root = resolve(values.root);
const problems = limitProblems(root);
for (const problem of problems) console.error(problem);
const { code, output } = await weigh(root);
console.log(output.trim());
process.exitCode = problems.length === 0 && code === 0 ? 0 : 1;
