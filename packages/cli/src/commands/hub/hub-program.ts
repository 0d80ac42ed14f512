import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CliError } from '../../cli-error.ts';

/** How the hub is run: Node with these arguments. */
export type HubProgram = readonly string[];

/** As `npm start` does: what is of use for a moment only takes a third of the memory otherwise, and nothing is quicker for it. */
const young = '--max-semi-space-size=16';

// In a variable: the command line needs the hub on one command only, and works without it on all others.
const app = '@parley/chat-hub';

/** The hub that is installed beside the command line: in a clone of the repository, its sources. */
export function hubProgram(): HubProgram {
  const folder = folderOf(app);
  const [source, built] = ['start.js', 'dist/main.js'].map((file) => join(folder, file));
  if (source !== undefined && existsSync(source)) return [young, '--conditions=@parley/source', source];
  if (built !== undefined && existsSync(built)) return [young, built];
  throw missing();
}

function folderOf(name: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (cause) {
    throw missing(cause);
  }
}

function missing(cause?: unknown): CliError {
  return new CliError('NO_HUB', 'the program of the hub is not installed here', {
    hint: 'It is part of the repository: clone it, then npm ci && npx parley hub start. A hub that runs elsewhere is named by --url',
    cause,
  });
}
