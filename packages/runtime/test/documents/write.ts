import { readFileSync, writeFileSync } from 'node:fs';
import { page, withTables } from './tables.ts';

writeFileSync(page, withTables(readFileSync(page, 'utf8')));
