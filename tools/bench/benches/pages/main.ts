import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cachePage } from './cache-page.ts';
import { fanoutPage } from './fanout-page.ts';
import { readResults } from './results.ts';

const docs = new URL('../../../../docs/', import.meta.url);
mkdirSync(new URL('performance/', docs), { recursive: true });
writeFileSync(
  new URL('performance/cache.md', docs),
  cachePage(readResults(new URL('results/cache.json', docs))),
);

// What is compared, and how, can be read before anybody has recorded it.
const fanout = new URL('results/fanout.json', docs);
writeFileSync(
  new URL('performance/fanout.md', docs),
  fanoutPage(existsSync(fanout) ? readResults(fanout) : undefined),
);
