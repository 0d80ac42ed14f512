import { writeFile } from 'node:fs/promises';
import { readArguments, usage, UsageError, type RunArguments } from './command/arguments.ts';
import { outputTo } from './command/output.ts';
import { perform } from './command/perform.ts';
import { profiles } from './profiles/profiles.ts';
import { toMarkdown } from './report/markdown.ts';
import { summaryOf } from './report/summary.ts';
import { passed, type Result } from './run/result.ts';

const exitCodes = { met: 0, missed: 1, failed: 2 } as const;
const output = outputTo(process.stderr);

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function write(result: Result, { json, markdown, html }: RunArguments): Promise<void> {
  if (json !== undefined) await writeFile(json, `${JSON.stringify(result)}\n`);
  if (markdown !== undefined) await writeFile(markdown, toMarkdown(result));
}

async function main(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked.do === 'help') print(usage);
  else if (asked.do === 'list') for (const { name, about } of profiles) print(`${name.padEnd(16)} ${about}`);
  else if (asked.do === 'run') {
    const result = await perform(asked, output);
    await write(result, asked);
    print(summaryOf(result));
    return passed(result) ? exitCodes.met : exitCodes.missed;
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
