import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const program = fileURLToPath(new URL('programs/reset-while-ending.ts', import.meta.url));

test('a socket that is ending is closed, and its process can end', async () => {
  const { stdout } = await run(process.execPath, [program], { timeout: 10_000, killSignal: 'SIGKILL' });
  expect(stdout).toBe('closed');
});
