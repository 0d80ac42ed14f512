import { openLibrary } from '../cache/libraries/library.ts';
import type { LibraryName, OpenLibrary, Wish } from '../cache/libraries/library.ts';
import { optionsUsed } from './options-used.ts';

type Verdict = 'pass' | 'fail' | 'not offered';

/** What became of one promise in one library. */
export interface Outcome {
  readonly verdict: Verdict;

  /** One short sentence. */
  readonly happened: string;
}

export interface Servers {
  readonly redis: string;
  readonly cluster: readonly string[];
  readonly postgres: string;
}

/** One library in one scenario, in a process of its own. */
export class Cell {
  readonly library: LibraryName;
  readonly servers: Servers;
  readonly prefix: string;
  readonly #options = new Set<string>();

  constructor(library: LibraryName, servers: Servers, prefix: string) {
    this.library = library;
    this.servers = servers;
    this.prefix = prefix;
  }

  /** The library's documented options that were used, for the table. */
  get options(): string[] {
    return [...this.#options];
  }

  /** As one process of an application with several opens it. */
  open(wish: Partial<Wish>): Promise<OpenLibrary> {
    const whole: Wish = { prefix: this.prefix, local: true, shared: true, ...wish };
    for (const option of optionsUsed(this.library, whole)) this.#options.add(option);
    return openLibrary(this.library, whole);
  }
}

export interface RivalScenario {
  readonly id: string;

  /** What is promised. */
  readonly promise: string;

  /** @default 30_000 */
  readonly limitMs?: number;
  run(cell: Cell): Promise<Outcome>;
}

const passed = (happened: string): Outcome => ({ verdict: 'pass', happened });
const failed = (happened: string): Outcome => ({ verdict: 'fail', happened });
export const notOffered = (happened: string): Outcome => ({ verdict: 'not offered', happened });

/** Passed when nothing is wrong; otherwise what is, in one sentence. */
export function judged(wrong: readonly string[], right: string): Outcome {
  return wrong.length === 0 ? passed(right) : failed(`${wrong.join('; ')}.`);
}
