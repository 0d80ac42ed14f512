// Has no descriptor left, and is asked for a preview: what it says then, and that it goes on, is for a test.
import { openSync } from 'node:fs';
import { Readable } from 'node:stream';
import { silentLogger } from '@parley/cache-core/kernel';
import { createPreviewer } from '../../src/files/previews/previewer.ts';

const previewer = createPreviewer({ logger: silentLogger, pauseMs: 10 });
const open = async (): Promise<Readable> => Readable.from([Buffer.alloc(10)]);
try {
  for (;;) openSync('/dev/null', 'r');
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
}
process.stdout.write(`${(await previewer.make(open)) === undefined ? 'none' : 'made'}\n`);
setImmediate(() => process.stdout.write('still here\n'));
