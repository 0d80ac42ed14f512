import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The program as people run it: what it said, and its exit code. */
export async function load(...args: string[]): Promise<{ code: number; said: string }> {
  const flags = ['--conditions=@parley/source', '--disable-warning=ExperimentalWarning', program];
  return promisify(execFile)(process.execPath, [...flags, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      said: error.stdout + error.stderr,
    }),
  );
}
