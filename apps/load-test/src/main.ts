import { writeFile } from 'node:fs/promises';
import { readArguments, usage, UsageError, type RunArguments } from './command/arguments.ts';
import { outputTo } from './command/output.ts';
import { perform } from './command/perform.ts';
import { planOf } from './command/plan.ts';
import { runAll } from './command/run-all.ts';
import { searchRate } from './command/search.ts';
import { writePages } from './pages/write-pages.ts';
import { profiles } from './profiles/profiles.ts';
import { comparisonOf } from './report/compare.ts';
import { toHtml } from './report/html.ts';
import { toMarkdown } from './report/markdown.ts';
import { readResult } from './report/read-result.ts';
import { summaryOf } from './report/summary.ts';
import { passed, type Result } from './run/result.ts';
import { runScaling } from './scaling/run.ts';

const exitCodes = { met: 0, missed: 1, failed: 2 } as const;
const output = outputTo(process.stderr);

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function write(result: Result, { json, markdown, html }: RunArguments): Promise<void> {
  if (json !== undefined) await writeFile(json, `${JSON.stringify(result)}\n`);
  if (markdown !== undefined) await writeFile(markdown, toMarkdown(result));
  if (html !== undefined) await writeFile(html, toHtml(result));
}

async function run(asked: RunArguments): Promise<number> {
  const result = await perform(asked, output);
  await write(result, asked);
  print(summaryOf(result));
  return passed(result) ? exitCodes.met : exitCodes.missed;
}

/** Each rate is tried on a hub of its own, so that nothing is left of those before; the report is that of the best. */
async function search(asked: RunArguments): Promise<number> {
  const { size, seed } = planOf(asked);
  let best: Result | undefined;
  const found = await searchRate({
    from: size.rate,
    async holds(rate) {
      const result = await perform({ ...asked, rate, seed }, output);
      print(summaryOf(result));
      if (!passed(result)) return false;
      best = result;
      return true;
    },
  });
  print('');
  for (const { rate, met } of found.steps)
    print(`${String(rate).padStart(8)} messages/s  ${met ? 'met' : 'missed'}`);
  if (best === undefined || found.rate === undefined) {
    print('No rate keeps the objectives.');
    return exitCodes.missed;
  }
  await write(best, asked);
  print(`The largest rate that keeps the objectives: ${found.rate} messages/s.`);
  return exitCodes.met;
}

async function main(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  switch (asked.do) {
    case 'run':
      return run(asked);
    case 'search':
      return search(asked);
    case 'all':
      return (await runAll({ ...asked, output, print })) ? exitCodes.met : exitCodes.missed;
    case 'scaling':
      return (await runScaling({ ...asked, output, print })) ? exitCodes.met : exitCodes.missed;
    case 'pages':
      await writePages(asked.docs);
      break;
    case 'compare':
      print(comparisonOf(await readResult(asked.before), await readResult(asked.after)));
      break;
    case 'list':
      for (const { name, about } of profiles) print(`${name.padEnd(16)} ${about}`);
      break;
    case 'help':
      print(usage);
      break;
  }
  return exitCodes.met;
}

main(process.argv.slice(2)).then(
  // What was written may still be on its way.
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${error instanceof UsageError ? `${error.message}\n\n${usage}` : text}\n`);
    process.exitCode = exitCodes.failed;
  },
);
