import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare } from '../src/compare.ts';
import { scratchFolder } from './scratch.ts';

type Ratios = Readonly<Record<string, { ratio: number; spread: number }>>;

function compared(better: string, before: Ratios, after: Ratios, meta: object = {}, spread = 0) {
  const folder = scratchFolder();
  const write = (name: string, ratios: Ratios, more: object) => {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify({ $meta: { cpu: 'x', ...more }, it: { better, ratios, spread } }));
    return file;
  };
  return compare(write('a.json', before, {}), write('b.json', after, meta));
}

describe('two recorded runs', () => {
  it.each([
    ['higher', 0.8, ['it to floor']],
    ['higher', 1.2, []],
    ['lower', 1.2, ['it to floor']],
    ['lower', 0.8, []],
    ['equal', 0.8, ['it to floor']],
    ['equal', 1.2, ['it to floor']],
  ])('differ for the worse when %s is better and the ratio changes to %d', (better, ratio, regressions) => {
    const result = compared(
      better,
      { floor: { ratio: 1, spread: 0.05 } },
      { floor: { ratio, spread: 0.05 } },
    );
    expect(result.regressions).toEqual(regressions);
    expect(result.text).toMatch(/it +floor +1x +\d\.\d+x +[+-]20% +±10% /u);
    expect(result.text.includes('better')).toBe(regressions.length === 0);
  });

  it('do not differ within both spreads together', () => {
    const result = compared(
      'higher',
      { floor: { ratio: 1, spread: 0.05 } },
      { floor: { ratio: 0.9, spread: 0.06 } },
    );
    expect(result.regressions).toEqual([]);
    expect(result.text).not.toMatch(/regression|better/u);
  });

  it('do not differ within the spread of their rounds, however sure the ratio looks', () => {
    const [calm, drop] = [
      { ratio: 1, spread: 0 },
      { ratio: 0.6, spread: 0 },
    ];
    expect(compared('higher', { floor: calm }, { floor: drop }, {}, 0.15).regressions).toEqual([
      'it to floor',
    ]);
    expect(compared('higher', { floor: calm }, { floor: drop }, {}, 0.25).regressions).toEqual([]);
  });

  it('are compared in every ratio that both have, and only there', () => {
    const one = { ratio: 1, spread: 0 };
    const half = { ratio: 0.5, spread: 0 };
    const { regressions, text } = compared(
      'higher',
      { floor: one, a: one, gone: one },
      { a: half, floor: half, new: half },
    );
    expect(regressions).toEqual(['it to a', 'it to floor']);
    expect(text).not.toMatch(/gone|new/u);
  });

  it('are told apart when they come from different machines or were quick', () => {
    expect(compared('higher', {}, {}, { cpu: 'y', quick: true }).text.split('\n').slice(2)).toEqual([
      'A quick run is no measurement.',
      'Another cpu: x, then y.',
    ]);
  });

  it('are told to lack a scenario', () => {
    const folder = scratchFolder();
    const [a, b] = [join(folder, 'a.json'), join(folder, 'b.json')];
    writeFileSync(a, '{"old": {"ours": 1}}');
    writeFileSync(b, '{"fresh": {"ours": 1}}');
    expect(compare(a, b).text.split('\n').slice(2)).toEqual(['old is gone.', 'fresh is new.']);
  });

  it.each(['not json', '{'])('are refused when one reads %s', (text) => {
    const file = join(scratchFolder(), 'a.json');
    writeFileSync(file, text);
    expect(() => compare(file, file)).toThrow('a.json: ');
  });

  it('are refused when one is missing', () => {
    expect(() => compare('/does/not/exist.json', '/nor/this.json')).toThrow('ENOENT');
  });
});
