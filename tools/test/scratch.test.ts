import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { repository } from '../lib/run.ts';
import { withScratch } from '../lib/scratch.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A program that holds a scratch folder and a child, and tells about both in a file. */
function busyProgram(note: string): string {
  return `
    import { writeFileSync } from 'node:fs';
    import { run } from ${JSON.stringify(join(repository, 'tools/lib/run.ts'))};
    import { withScratch } from ${JSON.stringify(join(repository, 'tools/lib/scratch.ts'))};
    const child = (folder) => \`
      const { writeFileSync, renameSync } = require('node:fs');
      setInterval(() => {}, 1000);
      writeFileSync('${note}.new', JSON.stringify({ pid: process.pid, folder: '\${folder}' }));
      renameSync('${note}.new', '${note}');
    \`;
    await withScratch('held', (folder) => run('node', ['-e', child(folder)]));
  `;
}

describe('a scratch folder', () => {
  it('is gone after the work, also when the work fails', async () => {
    const seen: string[] = [];
    await withScratch('test', async (folder) => {
      seen.push(folder);
      expect(existsSync(folder)).toBe(true);
    });
    const failing = withScratch('test', async (folder) => {
      seen.push(folder);
      throw new Error('the work failed');
    });
    await expect(failing).rejects.toThrow('the work failed');
    expect(seen.map((folder) => existsSync(folder))).toEqual([false, false]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'is gone after %s, and so is every process we started',
    async (signal) => {
      await withScratch('test', async (outer) => {
        const note = join(outer, 'note.json');
        const holder = spawn(process.execPath, ['--input-type=module', '-e', busyProgram(note)], {
          stdio: 'ignore',
        });
        const ended = new Promise((settle) => {
          holder.once('exit', (_, by) => settle(by));
        });
        await vi.waitUntil(() => existsSync(note), { timeout: 10_000 });
        const { pid, folder }: { pid: number; folder: string } = JSON.parse(readFileSync(note, 'utf8'));
        expect(existsSync(folder)).toBe(true);
        holder.kill(signal);
        expect(await ended).toBe(signal);
        expect(existsSync(folder)).toBe(false);
        await vi.waitUntil(() => !isAlive(pid), { timeout: 10_000 });
      });
    },
  );
});
