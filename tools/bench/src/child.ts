import { loadScenarios } from './benches.ts';
import type { Reply, Request } from './protocol.ts';
import { runRound } from './round.ts';
import { subjectsOf } from './scenario.ts';
import type { Load, SubjectEnvironment, Work } from './scenario.ts';
import type { ServerName } from './servers.ts';

let load: Load | undefined;
let work: Work | undefined;

async function setUp(request: Request & { do: 'setup' }): Promise<Reply> {
  const scenario = (await loadScenarios(request.benchFile)).find(({ id }) => id === request.scenario);
  const subject = scenario && subjectsOf(scenario).get(request.subject);
  if (!subject) throw new Error(`no subject "${request.subject}" in scenario "${request.scenario}"`);
  const environment: SubjectEnvironment = {
    url: (server) => askedFor(server, request.urls[server]),
    pid: (server) => askedFor(server, request.pids[server]),
    prefix: `bench:${request.scenario}:${request.subject}:${process.pid}:`,
    seed: request.seed,
    quick: request.quick,
  };
  load = scenario.load;
  work = await subject(environment);
  return { ok: true };
}

function askedFor<T>(server: ServerName, known: T | undefined): T {
  if (known === undefined) throw new Error(`the scenario does not ask for the server "${server}"`);
  return known;
}

async function answer(request: Request): Promise<Reply> {
  if (request.do === 'setup') return setUp(request);
  if (!load || !work) throw new Error(`${request.do} before setup`);
  if (request.do === 'round') return { ok: true, round: await runRound(load, work, request.plan) };
  await work.teardown?.();
  return { ok: true };
}

/** The place matters to whoever writes a subject: the first line of the stack that is not Node's. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack
    ?.split('\n')
    .find((line) => /^\s+at .*(?:\/|\\)/u.test(line) && !line.includes('node:'));
  const cause = error.cause === undefined ? '' : `, because: ${describe(error.cause)}`;
  return `${error.name}: ${error.message}${place ? ` (${place.trim()})` : ''}${cause}`;
}

process.on('message', (request: Request) => {
  answer(request)
    .catch((error: unknown): Reply => ({ ok: false, error: describe(error) }))
    .then((reply) => process.send?.(reply))
    .catch(() => process.exit(1));
});

// The runner is gone. What the subject has started is in this process's group and must not outlive it.
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
