import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ChaosUsageError, parseChaosArgs } from '../lib/chaos-args.ts';
import { chooseChaos, findChaos } from '../lib/chaos-files.ts';
import { runChaos, type ChaosRunOptions } from '../lib/chaos-run.ts';
import { repository, run } from '../lib/run.ts';
import { withScratch } from '../lib/scratch.ts';
import type { Chaos } from '@parley/services';

describe('the command line', () => {
  it('means five minutes, a new seed and all runs when it says nothing', () => {
    expect(parseChaosArgs([])).toEqual({ minutes: 5, seed: undefined, only: [] });
  });

  it('takes fractions of a minute, a seed and several names', () => {
    const argv = ['--minutes', '0.5', '--seed', '42', '--only', 'one', '--only=two'];
    expect(parseChaosArgs(argv)).toEqual({ minutes: 0.5, seed: 42, only: ['one', 'two'] });
  });

  it.each([
    [['--minute', '1'], '--minute'],
    [['--minutes', 'many'], '--minutes many'],
    [['--minutes', '0'], '--minutes 0'],
    [['--minutes=-1'], '--minutes -1'],
    [['--minutes='], '--minutes'],
    [['--seed', '1.5'], '--seed 1.5'],
    [['--seed', '99999999999999999'], '--seed 9'],
    [['--seed'], '--seed'],
    [['extra'], 'extra'],
  ])('refuses %j by name', (argv, message) => {
    expect(() => parseChaosArgs(argv)).toThrow(ChaosUsageError);
    expect(() => parseChaosArgs(argv)).toThrow(message);
    expect(() => parseChaosArgs(argv)).toThrow('usage: npm run chaos');
  });

  it('ends with 2 and says what there is', async () => {
    const program = join(repository, 'tools/chaos.ts');
    // As the script of the root does: the runs of packages import packages, which nothing has built.
    const fromSources = '--conditions=@parley/source';
    const outcomes = await Promise.all([
      run('node', [fromSources, program, '--only', 'nothing'], { timeout: 60_000 }),
      run('node', [fromSources, program, '--fast'], { timeout: 60_000 }),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([2, 2]);
    expect(outcomes[0]?.output).toMatch(/nothing: no chaos run has this name; there are .*proxy-redis/);
    expect(outcomes[1]?.output).toContain("'--fast'");
  }, 90_000);
});

describe('the files', () => {
  const write = async (root: string, path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const named = (name: string): string => `export const chaos = { name: '${name}', run: async () => {} };`;

  it('are found in packages, apps and tools, by name', () =>
    withScratch('chaos', async (root) => {
      await write(root, 'tools/c/chaos/last.chaos.ts', named('z'));
      await write(root, 'packages/a/chaos/one.chaos.ts', named('b'));
      await write(root, 'apps/b/chaos/two.chaos.ts', named('a'));
      await write(root, 'apps/b/chaos/helper.ts', 'throw new Error("not to be loaded")');
      const found = await findChaos(root);
      expect(found.map(({ name }) => name)).toEqual(['a', 'b', 'z']);
      expect(chooseChaos(found, ['z', 'a']).map(({ name }) => name)).toEqual(['a', 'z']);
      expect(chooseChaos(found, [])).toEqual(found);
      expect(() => chooseChaos(found, ['y'])).toThrow(
        '--only y: no chaos run has this name; there are a, b, z',
      );
    }));

  it('must export a run, under a name that no other has', async () => {
    await withScratch('chaos', async (root) => {
      await write(root, 'tools/c/chaos/empty.chaos.ts', 'export const chaos = { name: "empty" };');
      await expect(findChaos(root)).rejects.toThrow('tools/c/chaos/empty.chaos.ts must export');
    });
    await withScratch('chaos', async (root) => {
      await write(root, 'tools/c/chaos/one.chaos.ts', named('same'));
      await write(root, 'tools/d/chaos/two.chaos.ts', named('same'));
      await expect(findChaos(root)).rejects.toThrow('another chaos run called same');
    });
  });
});

describe('running', () => {
  const passing: Chaos = { name: 'passing', run: async ({ log, seed }) => log(`drew ${seed}`) };
  const failing: Chaos = { name: 'failing', run: () => Promise.reject(new Error('a promise was broken')) };
  const hanging: Chaos = { name: 'hanging', run: () => new Promise(() => {}) };
  const stray: Chaos = {
    name: 'stray',
    run: async () => {
      setTimeout(() => process.emit('uncaughtException', new Error('out of the blue')), 1);
      await sleep(5_000);
    },
  };

  async function go(chosen: readonly Chaos[], options: Partial<ChaosRunOptions> = {}) {
    const lines: string[] = [];
    const verdicts = await runChaos(chosen, {
      seed: 7,
      minutes: 0.001,
      signal: new AbortController().signal,
      print: (line) => lines.push(line),
      ...options,
    });
    return { verdicts, text: lines.join('\n') };
  }

  it('gives every run the seed, one after another, and goes on after a failure', async () => {
    const { verdicts, text } = await go([failing, passing]);
    expect(verdicts).toEqual(['failed', 'passed']);
    expect(text).toContain('a promise was broken');
    expect(text).toContain('again: npm run chaos -- --only failing --minutes 0.001 --seed 7');
    expect(text).toContain('passing: 0.001 min, seed 7\n  drew 7\npassing: passed');
  });

  it('calls a run hung that does not end, and starts no other', async () => {
    const { verdicts, text } = await go([hanging, passing], { grace: 50 });
    expect(verdicts).toEqual(['hung']);
    expect(text).toContain('again: npm run chaos -- --only hanging');
  });

  it('fails a run when an error turns up that nobody handled', async () => {
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    try {
      const { verdicts, text } = await go([stray]);
      expect(verdicts).toEqual(['failed']);
      expect(text).toContain('out of the blue');
      expect(process.listenerCount('uncaughtException')).toBe(0);
    } finally {
      for (const listener of others) process.on('uncaughtException', listener);
    }
  });

  it('ends early when it is interrupted, and says so', async () => {
    const controller = new AbortController();
    const stopping: Chaos = { name: 'stopping', run: async () => controller.abort() };
    const { verdicts } = await go([stopping, passing], { signal: controller.signal });
    expect(verdicts).toEqual(['interrupted']);
  });
});
