import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readGraph } from './lib/house.ts';
import { layerViolations } from './lib/layers.ts';
import { repository } from './lib/run.ts';

const { values } = parseArgs({ options: { root: { type: 'string', default: repository } } });
const root = resolve(values.root);
const violations = layerViolations(root, await readGraph(root));
for (const { rule, where, message } of violations) console.error(`${where}  [${rule}] ${message}`);
console.log(violations.length === 0 ? 'every import keeps to its floor' : `${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
