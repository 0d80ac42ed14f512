import { writeFileSync } from 'node:fs';
import { commands } from '../../src/commands.ts';
import { referencePage } from '../../src/reference.ts';

writeFileSync(new URL('../../../../docs/reference/cli.md', import.meta.url), referencePage(commands));
