import { fileURLToPath } from 'node:url';
import { loadScenarios } from '../src/benches.ts';
import { seededRandom } from '../src/random.ts';
import type { ScenarioRun, SubjectRun } from '../src/run-scenario.ts';
import { runScenario } from '../src/run-scenario.ts';

export const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));

/** Runs one scenario of a bench in the fixtures; answers with its subjects by name. */
export async function runFixture(
  bench: string,
  id: string,
  options: Partial<ScenarioRun> = {},
): Promise<Record<string, SubjectRun>> {
  const benchFile = `${fixtures}/${bench}.ts`;
  const scenario = (await loadScenarios(benchFile)).find((candidate) => candidate.id === id);
  if (!scenario) throw new Error(`no scenario ${id} in ${benchFile}`);
  const seed = options.seed ?? 1;
  const runs = await runScenario(scenario, {
    benchFile,
    servers: new Map(),
    seed,
    quick: false,
    random: seededRandom(seed),
    ...options,
  });
  return Object.fromEntries(runs.map((run) => [run.name, run]));
}
