import { parseArgs } from 'node:util';
import { UsageError } from './usage.ts';

export const usage = `npm run bench -- <name> [flags]          measure
npm run bench -- --list [<name>]          what there is
npm run bench -- --compare A.json B.json  how the ratios changed from A to B

  --only <scenario>  only this scenario; may be repeated
  --quick            short rounds, to see that the scenarios work
  --json <file>      write the results there
  --assert           exit with 1 when a goal is missed, or a ratio regressed
  --seed <number>    repeat the order of an earlier run
  --folder <folder>  where the benches are`;

export interface Flags {
  readonly positionals: readonly string[];
  readonly only: readonly string[];
  readonly json: string | undefined;
  readonly folder: string | undefined;
  readonly seed: number | undefined;
  readonly list: boolean;
  readonly compare: boolean;
  readonly quick: boolean;
  readonly assert: boolean;
  readonly help: boolean;
}

export function readFlags(args: readonly string[]): Flags {
  const { values, positionals } = parse(args);
  const wanted = values.compare ? [2, 2] : values.list || values.help ? [0, 1] : [1, 1];
  const [least = 0, most = 0] = wanted;
  if (positionals.length < least || positionals.length > most)
    throw new UsageError(
      values.compare
        ? '--compare needs two files'
        : `name one bench, not ${positionals.length}; --list shows them`,
    );
  return { ...values, json: values.json, folder: values.folder, seed: seedOf(values.seed), positionals };
}

function parse(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true, default: [] },
        json: { type: 'string' },
        folder: { type: 'string' },
        seed: { type: 'string' },
        list: flag,
        compare: flag,
        quick: flag,
        assert: flag,
        help: flag,
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function seedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/u.test(text) || Number(text) > 0xffff_ffff)
    throw new UsageError(`--seed is a whole number below 2^32, not "${text}"`);
  return Number(text);
}
