import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { printRequirements } from './lib/requirements-print.ts';
import { checkRequirements } from './lib/requirements.ts';

const { values } = parseArgs({
  options: { root: { type: 'string', default: resolve(import.meta.dirname, '..') } },
});

const report = checkRequirements(resolve(values.root));
console.log(printRequirements(report));
process.exitCode = report.problems.length === 0 ? 0 : 1;
