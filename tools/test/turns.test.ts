import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../lib/run.ts';
import { withScratch } from '../lib/scratch.ts';
import { inTurn } from '../lib/turns.ts';

it('lets one work after the other, and tells who has to wait', async () => {
  await withScratch('turns', async (folder) => {
    const lock = join(folder, 'a/lock');
    const seen: string[] = [];
    const { promise: waiting, resolve: waits } = Promise.withResolvers<void>();
    const first = inTurn(
      lock,
      () => seen.push('first waits'),
      async () => {
        await waiting;
        seen.push('first');
      },
    );
    const second = inTurn(
      lock,
      () => {
        seen.push('second waits');
        waits();
      },
      async () => seen.push('second'),
    );
    await Promise.all([first, second]);
    expect(seen).toEqual(['second waits', 'first', 'second']);
  });
});

it('gives the turn on after work that fails', async () => {
  await withScratch('turns', async (folder) => {
    const lock = join(folder, 'lock');
    const failing = inTurn(
      lock,
      () => undefined,
      () => Promise.reject(new Error('on purpose')),
    );
    await expect(failing).rejects.toThrow('on purpose');
    expect(
      await inTurn(
        lock,
        () => undefined,
        async () => 'done',
      ),
    ).toBe('done');
  });
});

it('takes over from a process that was killed', async () => {
  await withScratch('turns', async (folder) => {
    const lock = join(folder, 'lock');
    const program = `
      import { inTurn } from ${JSON.stringify(join(repository, 'tools/lib/turns.ts'))};
      await inTurn(${JSON.stringify(lock)}, () => {}, () => new Promise(() => {
        setInterval(() => {}, 1000);
        console.log('has it');
      }));`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(holder.stdout, 'data');
    const turn = inTurn(
      lock,
      () => holder.kill('SIGKILL'),
      async () => 'done',
    );
    expect(await turn).toBe('done');
  });
});
