// Takes the lock of a folder at the moment it is told to, and keeps it until it is told again.
import { createInterface } from 'node:readline';
import { isParleyError } from '@parley/cache-core/kernel';
import { lockFolder } from '../../src/folder-lock.ts';

const [, , folder = ''] = process.argv;
const commands = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
console.log('ready');
await commands.next();
try {
  const lock = await lockFolder(folder, { onLost: () => console.log('lost'), beatMs: 50 });
  console.log('locked');
  await commands.next();
  await lock.release();
  console.log('released');
} catch (error) {
  console.log(isParleyError(error) ? JSON.stringify(error) : String(error));
}
process.stdin.destroy();
