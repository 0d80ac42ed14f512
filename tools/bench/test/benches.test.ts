import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { benchFile, benchFolder, benchNames, loadScenarios } from '../src/benches.ts';
import { subjectsOf } from '../src/scenario.ts';

const bad = fileURLToPath(new URL('./bad-benches', import.meta.url));

describe('a bench', () => {
  it('is a file of the folder; what lies in folders beside it is not', () => {
    expect(benchNames(benchFolder)).toContain('kernel');
    expect(benchNames(fileURLToPath(new URL('.', import.meta.url)))).not.toContain('fixtures');
  });

  it('is told from a name that does not exist', () => {
    expect(() => benchFile(bad, 'kernal')).toThrow('no bench is called "kernal"; there are: empty, wrong');
    expect(() => benchFile(bad, '../bad-benches/empty')).toThrow('no bench is called');
  });

  it('must export scenarios', async () => {
    await expect(loadScenarios(benchFile(bad, 'empty'))).rejects.toThrow('exports no `scenarios`');
  });

  it('is refused with everything that is wrong in it', async () => {
    const error: unknown = await loadScenarios(benchFile(bad, 'wrong')).catch((reason: unknown) => reason);
    expect(String(error).split('\n').slice(1)).toEqual([
      '  the id "twice" is given twice',
      '  $meta: an id may not begin with "$"',
      '  goals: a goal has no bound',
      '  goals: a goal is against "nobody", which is no subject',
      '  doubts: the doubt about "lost" has no bound',
      '  load: a load has either `per` or `report`',
      '  names: two subjects are called "ours"',
      '  variants: two subjects are called "a"',
    ]);
  });
});

it.each(benchNames(benchFolder))('our bench %s can be run', async (name) => {
  const scenarios = await loadScenarios(benchFile(benchFolder, name));
  expect(scenarios.length).toBeGreaterThan(0);
  for (const scenario of scenarios) expect([...subjectsOf(scenario).keys()]).toContain('ours');
});
