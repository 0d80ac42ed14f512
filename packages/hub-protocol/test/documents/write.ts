import { writeFileSync } from 'node:fs';
import { referencePages } from '@parley/hub-protocol/openapi';

for (const [name, text] of Object.entries(referencePages()))
  writeFileSync(new URL(`../../../../docs/reference/${name}`, import.meta.url), text);
