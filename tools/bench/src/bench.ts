import { randomInt } from 'node:crypto';
import { benchFile, benchFolder, benchNames, loadScenarios } from './benches.ts';
import { compare } from './compare.ts';
import { readFlags, usage } from './flags.ts';
import type { Flags } from './flags.ts';
import { seededRandom } from './random.ts';
import { report } from './report.ts';
import { requireWritable, writeResults } from './results.ts';
import { measureOf, runScenario } from './run-scenario.ts';
import { subjectsOf } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { withServers } from './servers.ts';
import { summarise } from './summary.ts';
import type { Summary } from './summary.ts';
import { UsageError } from './usage.ts';

export interface Output {
  /** The results. */
  print(text: string): void;

  /** What is going on, and what went wrong. */
  tell(text: string): void;
}

/** The whole command; answers with its exit code. */
export async function bench(args: readonly string[], output: Output): Promise<number> {
  try {
    const flags = readFlags(args);
    if (flags.help) return printed(output, usage);
    if (flags.list) return printed(output, await listing(flags));
    if (flags.compare) return comparison(flags, output);
    return await measure(flags, output);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    output.tell(`${error.message}\n\n${usage}`);
    return 2;
  }
}

async function measure(flags: Flags, output: Output): Promise<number> {
  const { quick, json, seed = randomInt(2 ** 32) } = flags;
  const [name = ''] = flags.positionals;
  const file = benchFile(flags.folder ?? benchFolder, name);
  const scenarios = chosen(await loadScenarios(file), flags.only);
  if (json !== undefined) requireWritable(json);
  output.tell(`bench ${name}, seed ${seed}${quick ? ', quick' : ''}, node ${process.version}`);

  const meta = { bench: name, seed, quick, startedAt: new Date() };
  const random = seededRandom(seed);
  const summaries: Summary[] = [];
  // All of them before the first round: that one is missing must not be found out after an hour.
  await withServers(new Set(scenarios.flatMap(({ servers }) => servers ?? [])), async (servers) => {
    for (const scenario of scenarios) {
      const { rounds, roundMs } = measureOf(scenario, quick);
      const count = subjectsOf(scenario).size;
      output.tell(`${scenario.id}: ${count} subjects, ${rounds} + 1 rounds of ${roundMs} ms`);
      const runs = await runScenario(scenario, { benchFile: file, servers, seed, quick, random });
      summaries.push(summarise(scenario, runs));
    }
  });
  output.print(report(summaries, quick));
  if (json !== undefined) writeResults(json, summaries, meta);
  const failed = summaries.some(({ standings }) => standings.some(({ failure }) => failure !== undefined));
  const missed = summaries.some(({ goals }) => goals.some(({ met }) => !met));
  return failed || (flags.assert && missed) ? 1 : 0;
}

function chosen(scenarios: readonly Scenario[], only: readonly string[]): readonly Scenario[] {
  const unknown = only.filter((id) => !scenarios.some((scenario) => scenario.id === id));
  if (unknown.length > 0)
    throw new UsageError(
      `no scenario is called "${unknown.join('", "')}"; there are: ${scenarios.map(({ id }) => id).join(', ')}`,
    );
  return only.length === 0 ? scenarios : scenarios.filter(({ id }) => only.includes(id));
}

async function listing({ folder = benchFolder, positionals }: Flags): Promise<string> {
  const names = positionals.length > 0 ? positionals : benchNames(folder);
  const blocks = names.map(async (name) => {
    const scenarios = await loadScenarios(benchFile(folder, name));
    return [
      name,
      ...scenarios.map((scenario) => `  ${scenario.id}: ${[...subjectsOf(scenario).keys()].join(', ')}`),
    ];
  });
  return (await Promise.all(blocks)).flat().join('\n');
}

function comparison(flags: Flags, output: Output): number {
  const [before = '', after = ''] = flags.positionals;
  const { text, regressions } = compare(before, after);
  output.print(text);
  output.print(regressions.length === 0 ? 'No regression.' : `Regressions: ${regressions.join(', ')}.`);
  return flags.assert && regressions.length > 0 ? 1 : 0;
}

function printed(output: Output, text: string): number {
  output.print(text);
  return 0;
}
