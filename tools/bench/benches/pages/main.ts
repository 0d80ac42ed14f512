import { mkdirSync, writeFileSync } from 'node:fs';
import { cachePage } from './cache-page.ts';
import { readResults } from './results.ts';

const docs = new URL('../../../../docs/', import.meta.url);
mkdirSync(new URL('performance/', docs), { recursive: true });
writeFileSync(
  new URL('performance/cache.md', docs),
  cachePage(readResults(new URL('results/cache.json', docs))),
);
