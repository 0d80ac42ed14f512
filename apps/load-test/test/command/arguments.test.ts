import { expect, it } from 'vitest';
import { readArguments, UsageError, type RunArguments } from '../../src/command/arguments.ts';
import { chosen } from '../../src/command/chosen.ts';
import { planOf } from '../../src/command/plan.ts';
import { plainRun } from '../../src/command/run-all.ts';
import { suite } from '../../src/command/suite.ts';
import { ourDocs } from '../../src/pages/our-docs.ts';
import { profiles } from '../../src/profiles/profiles.ts';

function run(...args: string[]): RunArguments {
  const read = readArguments(args);
  if (read.do !== 'run' && read.do !== 'search') throw new Error('it is no run');
  return read;
}

it('a profile is all it needs, and flags change its size', () => {
  expect(planOf(run('--profile', 'seeds'))).toMatchObject({
    size: { agents: 111, rate: 1_000, seconds: 30 },
    ground: 'embedded',
    nodes: 1,
  });
  const plan = planOf(
    run('--profile', 'seeds', '--agents', '8', '--rate=20', '--seconds', '5', '--seed', '7'),
  );
  expect(plan).toMatchObject({ size: { agents: 8, rate: 20, seconds: 5 }, seed: 7 });
});

it('whoever wants several nodes gets a hub that can have them', () => {
  expect(planOf(run('--profile', 'seeds', '--nodes', '3'))).toMatchObject({ ground: 'postgres', nodes: 3 });
  expect(planOf(run('--profile', 'seeds', '--nodes', '2', '--on', 'redis'))).toMatchObject({
    ground: 'redis',
  });
});

it('two files are compared, and a search is asked for by a flag', () => {
  expect(readArguments(['compare', 'a.json', 'b.json'])).toEqual({
    do: 'compare',
    before: 'a.json',
    after: 'b.json',
  });
  expect(run('--profile', 'seeds', '--search').do).toBe('search');
});

it('everything is run by one word, or what is named of it', () => {
  expect(readArguments(['all'])).toEqual({ do: 'all', only: undefined, docs: ourDocs });
  expect(readArguments(['all', '--only', 'seeds,soak'])).toMatchObject({ only: ['seeds', 'soak'] });
  expect(readArguments(['scaling', '--docs', '/a/b'])).toMatchObject({
    do: 'scaling',
    docs: new URL('file:///a/b/'),
  });
  expect(chosen(suite, undefined).map(({ name }) => name)).not.toContain('soak');
  expect(chosen(suite, ['soak', 'seeds']).map(({ name }) => name)).toEqual(['seeds', 'soak']);
  expect(() => chosen(suite, ['seeds', 'sedes'])).toThrow('sedes');
});

it('the load of all takes less than ten minutes, so that with all starts it stays below fifteen', () => {
  const seconds = chosen(suite, undefined).map(({ profile, on }) => {
    const { size, profile: planned } = planOf({ ...plainRun(profile), on });
    return size.seconds + (planned.warmUp ?? 5);
  });
  expect(seconds.reduce((sum, one) => sum + one, 0)).toBeLessThan(600);
});

it('every run of the suite can be planned, and every profile but the quick one is in it', () => {
  for (const { profile, on } of suite) planOf({ ...plainRun(profile), on });
  const told = new Set(suite.map(({ profile }) => profile));
  expect(profiles.map(({ name }) => name).filter((name) => !told.has(name))).toEqual(['quick']);
});

it.each([
  [['--profile', 'seeds', '--ratte', '5'], '--ratte'],
  [['-x'], '-x'],
  [['--profile'], '--profile'],
  [[], '--profile'],
  [['--profile', 'seeds', '--rate', 'many'], '--rate'],
  [['--profile', 'seeds', '--rate', '-5'], '--rate'],
  [['--profile', 'seeds', '--seconds', '0'], '--seconds'],
  [['--profile', 'seeds', '--seconds', '1.5'], '--seconds'],
  [['--profile', 'seeds', '--on', 'mysql'], '--on'],
  [['--profile', 'seeds', '--target', 'ftp://hub'], '--target'],
  [['--profile', 'seeds', '--target', 'http://hub', '--nodes', '2'], '--nodes'],
  [['compare', 'a.json'], 'compare'],
  [['all', 'seeds'], 'seeds'],
  [['--profile', 'seeds', '--only', 'seeds'], '--only'],
  [['contrast', 'a.json', 'b.json'], 'contrast'],
])('%j is refused by the name of what is wrong', (args, name) => {
  expect(() => readArguments(args)).toThrow(UsageError);
  expect(() => readArguments(args)).toThrow(name);
});

it.each([
  [['--profile', 'sedes'], 'sedes'],
  [['--profile', 'seeds', '--nodes', '2', '--on', 'embedded'], '--on postgres'],
  [['--profile', 'node-kill', '--nodes', '1'], '--nodes 2'],
  [['--profile', 'node-kill', '--target', 'http://hub'], 'node-kill'],
  [['--profile', 'redis-down', '--on', 'postgres'], '--on redis'],
  [['--profile', 'failover', '--on', 'embedded'], '--on postgres'],
  [['--profile', 'redis-failover', '--on', 'postgres'], '--on redis'],
  [['--profile', 'seeds', '--agents', '1'], '--agents'],
])('%j cannot be planned, and the reason is told', (args, reason) => {
  expect(() => planOf(run(...args))).toThrow(UsageError);
  expect(() => planOf(run(...args))).toThrow(reason);
});
