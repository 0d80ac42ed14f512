// A node in a process of its own that serves nobody: it does what nodes do in the background, until it is killed.
import { silentLogger } from '@parley/cache-core/kernel';
import { openHub } from '../../src/compose.ts';
import { readHubConfig } from '../../src/config.ts';

const lease = '1s';
await openHub(readHubConfig(), {
  logger: silentLogger,
  isolation: process.env['ISOLATION'] ?? '',
  webhooks: { lease },
});
process.stdout.write('ready\n');
setInterval(() => undefined, 1_000);
