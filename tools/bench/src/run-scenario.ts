import type { Request } from './protocol.ts';
import { shuffled } from './random.ts';
import type { RoundPlan, RoundResult } from './round.ts';
import { subjectsOf } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import type { ServerName, StartedServer } from './servers.ts';
import { SubjectProcess } from './subject-process.ts';

export interface ScenarioRun {
  readonly benchFile: string;

  /** All that run, also for other scenarios. */
  readonly servers: ReadonlyMap<ServerName, StartedServer>;
  readonly seed: number;
  readonly quick: boolean;

  /** For the order of the subjects; shared by all scenarios of a run. */
  readonly random: () => number;
}

/** What became of one subject. */
export interface SubjectRun {
  readonly name: string;

  /** Without the discarded one; the same index is the same round for every subject. */
  readonly rounds: readonly RoundResult[];

  /** Why it took part no longer. What it had measured until then is void. */
  readonly failure?: string;
}

/** How much is measured: quick rounds show that a scenario works, no more. */
export function measureOf(scenario: Scenario, quick: boolean): { rounds: number; roundMs: number } {
  const { rounds = 9, roundMs = 500 } = scenario;
  return quick ? { rounds: Math.min(rounds, 3), roundMs: Math.max(roundMs / 10, 1) } : { rounds, roundMs };
}

/** Runs the subjects of a scenario in turns: in every round each of them once, in random order, the first round for nothing. */
export async function runScenario(scenario: Scenario, run: ScenarioRun): Promise<SubjectRun[]> {
  const { rounds, roundMs } = measureOf(scenario, run.quick);
  const plan: RoundPlan = {
    ms: roundMs,
    warmUpMs: roundMs / 10,
    serverPids: serversFor(scenario, run).map(([, { pid }]) => pid),
  };
  const subjects = [...subjectsOf(scenario).keys()].map((name) => new Turns(name, scenario, run));
  try {
    for (const subject of subjects) await subject.begin();
    for (let round = 0; round <= rounds; round++) {
      for (const subject of shuffled(subjects, run.random)) await subject.turn(plan, round > 0);
    }
    for (const subject of subjects) await subject.finish();
  } finally {
    await Promise.all(subjects.map((subject) => subject.leave()));
  }
  return subjects.map((subject) => subject.run);
}

function serversFor({ servers = [] }: Scenario, run: ScenarioRun): [ServerName, StartedServer][] {
  return [...run.servers].filter(([name]) => servers.includes(name));
}

/** One subject's part in a scenario, with its process. After a failure it does nothing any more. */
class Turns {
  readonly #name: string;
  readonly #scenario: Scenario;
  readonly #run: ScenarioRun;
  readonly #rounds: RoundResult[] = [];
  #process: SubjectProcess | undefined;
  #failure: string | undefined;

  constructor(name: string, scenario: Scenario, run: ScenarioRun) {
    this.#name = name;
    this.#scenario = scenario;
    this.#run = run;
  }

  get run(): SubjectRun {
    return this.#failure === undefined
      ? { name: this.#name, rounds: this.#rounds }
      : { name: this.#name, rounds: [], failure: this.#failure };
  }

  async begin(): Promise<void> {
    if (!this.#scenario.freshProcess) await this.#attempt(() => this.#enter());
  }

  async turn(plan: RoundPlan, counts: boolean): Promise<void> {
    const fresh = this.#scenario.freshProcess === true;
    await this.#attempt(async () => {
      if (fresh) await this.#enter();
      const { round } = await this.#ask({ do: 'round', plan });
      if (round && counts) this.#rounds.push(round);
      if (!fresh) return;
      await this.#ask({ do: 'teardown' });
      await this.leave();
    });
  }

  async finish(): Promise<void> {
    if (this.#process) await this.#attempt(() => this.#ask({ do: 'teardown' }));
  }

  async leave(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    await process?.end();
  }

  async #enter(): Promise<void> {
    this.#process = new SubjectProcess(this.#scenario.nodeFlags);
    const { benchFile, seed, quick } = this.#run;
    const servers = serversFor(this.#scenario, this.#run);
    const urls = Object.fromEntries(servers.map(([name, { url }]) => [name, url]));
    const pids = Object.fromEntries(servers.map(([name, { pid }]) => [name, pid]));
    const [scenario, subject] = [this.#scenario.id, this.#name];
    await this.#ask({ do: 'setup', benchFile, scenario, subject, urls, pids, seed, quick });
  }

  async #ask(request: Request) {
    if (!this.#process) throw new Error('the process of the subject is gone');
    return this.#process.ask(request, this.#scenario.deadlineMs ?? 60_000);
  }

  async #attempt(step: () => Promise<unknown>): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await step();
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      await this.leave();
    }
  }
}
