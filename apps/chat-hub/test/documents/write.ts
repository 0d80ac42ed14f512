import { readFileSync, writeFileSync } from 'node:fs';
import { page, withVariables } from './variables.ts';

writeFileSync(page, withVariables(readFileSync(page, 'utf8')));
