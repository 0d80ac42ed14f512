import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ourDocs } from '../pages/our-docs.ts';
import { grounds, type Ground } from '../target/servers.ts';

export const usage = `npm run load -- --profile <name> [flags]   runs it; without a target against a hub of its own
npm run load -- --profile <name> --search   finds the largest rate that keeps the objectives
npm run load -- compare A.json B.json       what changed from A to B
npm run load -- all [--only a,b]            runs everything, keeps it in docs/results/load and writes the pages
npm run load -- scaling [--only a,b]        what nodes, members, channels and connections cost
npm run load -- pages                       writes the pages of what is kept
npm run load -- --list                      which profiles there are

  --target <url>     a hub that runs already; PARLEY_TOKEN is a token of who runs it
  --agents <number>  connections
  --rate <number>    messages a second
  --seconds <number> for how long it is measured
  --seed <number>    repeats who says what and where
  --on <ground>      embedded, postgres or redis: what the own hub stands on
  --nodes <number>   nodes of the own hub
  --workers <number> processes of the generator
  --json <file>      writes all figures
  --markdown <file>  writes the report as Markdown
  --html <file>      writes the report with charts, in one file
  --only <names>     of all or scaling: these and nothing else
  --docs <folder>    of all, scaling and pages: another one than docs, with a README beside it
  --cpu-prof <folder>  the own hub writes into it what its processor did

The exit code is 0 when all objectives were met, 1 when one was missed, and 2 when it could not run.`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface RunArguments {
  readonly do: 'run' | 'search';
  readonly profile: string;
  readonly target: string | undefined;
  readonly agents: number | undefined;
  readonly rate: number | undefined;
  readonly seconds: number | undefined;
  readonly seed: number | undefined;
  readonly on: Ground | undefined;
  readonly nodes: number | undefined;
  readonly workers: number | undefined;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly html: string | undefined;
  readonly cpuProf: string | undefined;
}

interface AllArguments<What extends string> {
  readonly do: What;
  readonly only: readonly string[] | undefined;
  readonly docs: URL;
}

export type Arguments =
  | RunArguments
  | { readonly do: 'compare'; readonly before: string; readonly after: string }
  | AllArguments<'all'>
  | AllArguments<'scaling'>
  | { readonly do: 'pages'; readonly docs: URL }
  | { readonly do: 'list' }
  | { readonly do: 'help' };

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

const options = {
  profile: text,
  target: text,
  agents: text,
  rate: text,
  seconds: text,
  seed: text,
  on: text,
  nodes: text,
  workers: text,
  json: text,
  markdown: text,
  html: text,
  'cpu-prof': text,
  only: text,
  docs: text,
  search: flag,
  list: flag,
  help: flag,
} as const;

/** @throws {UsageError} with the flag that cannot be understood */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals, tokens } = parse(args);
  for (const token of tokens) if (token.kind === 'option') requireKnown(token.rawName, token.name);
  if (values.help) return { do: 'help' };
  if (values.list) return { do: 'list' };
  const [command, before, after, ...more] = positionals;
  if (command === 'compare') {
    if (before === undefined || after === undefined || more.length > 0)
      throw new UsageError('compare needs two files: compare A.json B.json');
    return { do: 'compare', before, after };
  }
  const docs = readFolder(one('--docs', values.docs));
  const only = one('--only', values.only)?.split(',');
  if (before !== undefined) throw new UsageError(`${command ?? ''} takes no "${before}"`);
  if (command === 'all') return { do: command, only, docs };
  if (command === 'scaling') return { do: command, only, docs };
  if (command === 'pages') return { do: 'pages', docs };
  if (command !== undefined)
    throw new UsageError(`"${command}" is no command: there are compare, all, scaling and pages`);
  if (only !== undefined) throw new UsageError('--only is about all and scaling');
  const profile = one('--profile', values.profile);
  if (profile === undefined) throw new UsageError('name a profile by --profile; --list shows them');
  const target = one('--target', values.target);
  for (const [name, value] of [
    ['--on', values.on],
    ['--nodes', values.nodes],
    ['--cpu-prof', values['cpu-prof']],
  ] as const)
    if (target !== undefined && value !== undefined)
      throw new UsageError(`${name} is about a hub of our own, and --target names another one`);
  return {
    do: values.search === true ? 'search' : 'run',
    profile,
    target: target === undefined ? undefined : readUrl(target),
    agents: count('--agents', values.agents, 100_000),
    rate: count('--rate', values.rate, 1_000_000),
    seconds: count('--seconds', values.seconds, 604_800),
    seed: count('--seed', values.seed, 2 ** 31 - 1, 0),
    on: readGround(one('--on', values.on)),
    nodes: count('--nodes', values.nodes, 16),
    workers: count('--workers', values.workers, 64),
    json: one('--json', values.json),
    markdown: one('--markdown', values.markdown),
    html: one('--html', values.html),
    cpuProf: one('--cpu-prof', values['cpu-prof']),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function requireKnown(written: string, name: string): void {
  if (!Object.hasOwn(options, name)) throw new UsageError(`${written} is no flag of the load test`);
}

/** Without strictness a flag without its value is true, and a switch may have a value. */
function one(name: string, value: string | boolean | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new UsageError(`${name} needs a value`);
}

function count(
  name: string,
  given: string | boolean | undefined,
  most: number,
  least = 1,
): number | undefined {
  const value = one(name, given);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d{1,12}$/u.test(value) && number >= least && number <= most) return number;
  throw new UsageError(`${name} is a whole number from ${least} to ${most}, not "${value}"`);
}

function readUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && /^https?:$/u.test(url.protocol) && url.pathname === '/') return url.origin;
  throw new UsageError(`--target is the address of a hub, like https://chat.example.org, not "${value}"`);
}

function readFolder(value: string | undefined): URL {
  return value === undefined ? ourDocs : pathToFileURL(`${resolve(value)}/`);
}

function readGround(value: string | undefined): Ground | undefined {
  if (value === undefined) return undefined;
  const ground = grounds.find((one) => one === value);
  if (ground === undefined) throw new UsageError(`--on is one of ${grounds.join(', ')}, not "${value}"`);
  return ground;
}
