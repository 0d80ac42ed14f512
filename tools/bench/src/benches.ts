import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { subjectsOf } from './scenario.ts';
import type { Goal, Scenario } from './scenario.ts';
import { serverNames } from './servers.ts';
import { UsageError } from './usage.ts';

export const benchFolder = fileURLToPath(new URL('../benches', import.meta.url));

/** Every file of the folder is a bench; what benches share lives in folders beside them. */
export function benchNames(folder: string): string[] {
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map(({ name }) => basename(name, '.ts'))
    .sort();
}

export function benchFile(folder: string, name: string): string {
  const names = benchNames(folder);
  if (!names.includes(name))
    throw new UsageError(`no bench is called "${name}"; there are: ${names.join(', ') || 'none'}`);
  return join(folder, `${name}.ts`);
}

export async function loadScenarios(file: string): Promise<readonly Scenario[]> {
  const module: unknown = await import(pathToFileURL(file).href);
  if (!hasScenarios(module))
    throw new UsageError(
      `${file} exports no \`scenarios\`, an array of objects with id, unit, better, load and subjects`,
    );
  const ids = module.scenarios.map(({ id }) => id);
  const problems = [
    ...repeated(ids).map((id) => `the id "${id}" is given twice`),
    ...module.scenarios.flatMap((scenario) => problemsOf(scenario)),
  ];
  if (problems.length > 0)
    throw new UsageError(`${file}:\n${problems.map((text) => `  ${text}`).join('\n')}`);
  return module.scenarios;
}

function hasScenarios(module: unknown): module is { readonly scenarios: readonly Scenario[] } {
  if (typeof module !== 'object' || module === null || !('scenarios' in module)) return false;
  return Array.isArray(module.scenarios) && module.scenarios.every(isScenario);
}

/** The compiler has checked benches of this repository; this is for the one that was never compiled. */
function isScenario(value: unknown): boolean {
  const has = (name: string, type: string) =>
    typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === type;
  const texts = ['id', 'unit', 'better'].every((name) => has(name, 'string'));
  return texts && has('load', 'object') && has('subjects', 'object');
}

function problemsOf(scenario: Scenario): string[] {
  const { id, load, subjects, goals = [], doubts = [], servers = [] } = scenario;
  const { rivals = {}, otherFloors = {}, variants = {} } = subjects;
  const names = [rivals, otherFloors, variants].flatMap((some) => Object.keys(some));
  const against = new Set([...subjectsOf(scenario).keys(), 'rivals']);
  against.delete('ours');
  const problems = [
    ...(id.startsWith('$') ? ['an id may not begin with "$"'] : []),
    ...repeated(['ours', 'floor', 'rivals', ...names]).map((name) => `two subjects are called "${name}"`),
    ...(load.kind === 'closed' && load.per && load.report ? ['a load has either `per` or `report`'] : []),
    ...servers
      .filter((name) => !serverNames.includes(name))
      .map((name) => `there is no server "${name}"; there are ${serverNames.join(', ')}`),
    ...doubts.filter(isUnbounded).map(({ of }) => `the doubt about "${of}" has no bound`),
    ...goals.flatMap((goal) => [
      ...(isUnbounded(goal) ? ['a goal has no bound'] : []),
      ...(goal.against !== undefined && !against.has(goal.against)
        ? [`a goal is against "${goal.against}", which is no subject`]
        : []),
    ]),
  ];
  return problems.map((problem) => `${id}: ${problem}`);
}

function isUnbounded({ atLeast, atMost }: Pick<Goal, 'atLeast' | 'atMost'>): boolean {
  return atLeast === undefined && atMost === undefined;
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) < index);
}
