import { ChaosUsageError, parseChaosArgs } from './lib/chaos-args.ts';
import { chooseChaos, findChaos } from './lib/chaos-files.ts';
import { runChaos, type ChaosVerdict } from './lib/chaos-run.ts';
import { repository } from './lib/run.ts';
import { newSeed } from '@parley/services';

const INTERRUPTED = 130;

/** Ctrl+C once: the present run ends and tidies up. Twice: at once; the servers end with us all the same. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      console.log('ending the present run; once more to end at once');
      controller.abort();
    });
  }
  return controller.signal;
}

function codeOf(verdicts: readonly ChaosVerdict[]): number {
  if (verdicts.some((verdict) => verdict === 'failed' || verdict === 'hung')) return 1;
  return verdicts.includes('interrupted') ? INTERRUPTED : 0;
}

async function main(): Promise<number> {
  const { minutes, seed = newSeed(), only } = parseChaosArgs(process.argv.slice(2));
  const chosen = chooseChaos(await findChaos(repository), only);
  const verdicts = await runChaos(chosen, {
    seed,
    minutes,
    signal: interruption(),
    print: (line) => console.log(line),
  });
  const passed = verdicts.filter((verdict) => verdict === 'passed').length;
  console.log(`${passed} of ${chosen.length} chaos runs passed, ${minutes} min each, seed ${seed}`);
  // What a hung run holds would keep this process.
  if (verdicts.includes('hung')) process.exit(1);
  return codeOf(verdicts);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ChaosUsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
