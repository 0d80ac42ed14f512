import { describe, expect, it } from 'vitest';
import { runFences, summary, type Fence } from '../lib/fences.ts';
import { repository, run } from '../lib/run.ts';

function fence(name: string, script: string): Fence {
  return { name, commands: [['node', '-e', script]], repair: `mend ${name}` };
}

async function verdictsOf(...fences: Fence[]) {
  const printed: string[] = [];
  const verdicts = await runFences(fences, repository, (text) => printed.push(text));
  return {
    printed: printed.join('\n'),
    passed: verdicts.map((verdict) => verdict.passed),
    summary: summary(verdicts),
  };
}

describe('running fences', () => {
  it('prints one line with its time for each that stands, and nothing of its output', async () => {
    const {
      printed,
      passed,
      summary: sum,
    } = await verdictsOf(fence('one', 'console.log("chatter")'), fence('three', ''));
    expect(passed).toEqual([true, true]);
    expect(printed).toMatch(/^ok {5}one {6}\d\.\d s\nok {5}three {4}\d\.\d s$/u);
    expect(sum).toBe('2 of 2 fences stand');
  });

  it('goes on after a failure, shows what was printed and how to repair it', async () => {
    const broken = fence('broken', 'console.log("out"); console.error("err"); process.exit(3)');
    const { printed, passed, summary: sum } = await verdictsOf(broken, fence('after', ''));
    expect(passed).toEqual([false, true]);
    expect(printed).toMatch(/FAILED broken .*\nout\nerr\nrepair: mend broken\n\nok {5}after/u);
    expect(sum).toBe('1 of 2 fences stand; failed: broken');
  });

  it('stops inside a fence at the first command that fails', async () => {
    const { printed, passed } = await verdictsOf({
      name: 'two steps',
      commands: [
        ['node', '-e', 'process.exit(1)'],
        ['node', '-e', 'console.log("second step")'],
      ],
      repair: 'none',
    });
    expect(passed).toEqual([false]);
    expect(printed).not.toContain('second step');
  });

  it('fails a fence whose program is missing', async () => {
    const { printed, passed } = await verdictsOf({
      name: 'gone',
      commands: [['no-such-program']],
      repair: 'install it',
    });
    expect(passed).toEqual([false]);
    expect(printed).toContain('ENOENT');
  });
});

describe('npm run check', () => {
  it('runs only the fences that are named, and exits by their verdict', async () => {
    const { code, output } = await run('node', ['tools/check.ts', '--only', 'layers']);
    expect(output.match(/^(ok|FAILED) +\w+ +[\d.]+ s$/gmu)).toEqual([expect.stringContaining('layers')]);
    const stands = output.endsWith('1 of 1 fences stand\n');
    expect(stands).toBe(output.startsWith('ok'));
    expect(code).toBe(stands ? 0 : 1);
  });

  it('refuses the name of a fence that does not exist', async () => {
    const { code, output } = await run('node', ['tools/check.ts', '--only', 'layres']);
    expect(output).toContain('no fence is called layres; there are format, lint, types, layers');
    expect(code).toBe(2);
  });

  it('tells how it is called, and does nothing', async () => {
    for (const flag of ['--help', '-h']) {
      const { code, output } = await run('node', ['tools/check.ts', flag]);
      expect(output).toMatch(/^usage: npm run check/u);
      expect(output).toContain('fences: format, lint, types');
      expect(output).not.toContain('fences stand\n');
      expect(code).toBe(0);
    }
  });

  it('refuses what it does not know in a sentence, and tells how it is called', async () => {
    for (const args of [['--olny', 'layers'], ['layers'], ['--only']]) {
      const { code, output } = await run('node', ['tools/check.ts', ...args]);
      expect(output).toContain('usage: npm run check');
      expect(output).not.toContain('    at ');
      expect(code).toBe(2);
    }
  });
});
