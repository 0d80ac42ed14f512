import { CliError } from './cli-error.ts';
import { columns } from './columns.ts';
import { safeJson, safeLine } from './safe-text.ts';
import { styleFor, type Style } from './style.ts';
import type { Target, World } from './world.ts';

/** Nobody reads any more: `parley tail | head`. */
export const outputGone = 'OUTPUT_GONE';

/** Where results go, and what is said beside them. Results are on standard output, everything else on standard error. */
export class Output {
  readonly json: boolean;
  /** Somebody reads the results from a screen. */
  readonly forPeople: boolean;
  readonly style: Style;
  readonly #world: World;
  readonly #gone = new AbortController();
  readonly #heard = (error: Error): void => this.#gone.abort(error);

  constructor(world: World, json: boolean) {
    this.#world = world;
    this.json = json;
    this.forPeople = world.stdout.isTTY === true && !json;
    this.style = styleFor(world.stdout, world.env);
    world.stdout.on('error', this.#heard);
  }

  /** Aborted when nothing can be written any more. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** The one result of a command. Without a text, there is nothing to tell but to programs. */
  async result(value: unknown, text?: string): Promise<void> {
    if (this.json)
      await this.#write(`${safeJson(value, this.#world.stdout.isTTY === true ? 2 : undefined)}\n`);
    else if (text !== undefined && text !== '') await this.#write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** A list: columns for people, fields between tabulators for programs. */
  async list(
    values: readonly unknown[],
    head: readonly string[],
    rows: ReadonlyArray<readonly string[]>,
  ): Promise<void> {
    await this.result(values, this.table(head, rows));
  }

  /** The rows of a list, as one text. */
  table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
    const cells = rows.map((row) => row.map(safeLine));
    const { bold } = this.style;
    const lines = this.forPeople
      ? columns([head.map((name) => bold(name.toUpperCase())), ...cells], 60)
      : cells.map((row) => row.join('\t'));
    return lines.join('\n');
  }

  /** One of a stream. */
  async line(value: unknown, text: string): Promise<void> {
    await this.#write(`${this.json ? safeJson(value) : text}\n`);
  }

  /** For whoever sits in front of it: what was done, what comes next. Nothing where nobody does. */
  note(text: string): void {
    if (this.#world.stderr.isTTY === true && !this.json) this.say(text);
  }

  /** What everybody must know, also who reads only a log. */
  say(text: string): void {
    this.#world.stderr.write(`${text}\n`);
  }

  /** Resolves when everything is written. */
  async end(): Promise<void> {
    await this.#write('');
    this.#world.stdout.off('error', this.#heard);
  }

  async #write(text: string): Promise<void> {
    const { stdout } = this.#world;
    if (!this.#gone.signal.aborted)
      await written(stdout, text).catch((error: unknown) => this.#gone.abort(error));
    if (this.#gone.signal.aborted) throw goneBy(this.#gone.signal.reason);
  }
}

/** Whoever reads slowly is waited for. */
function written(target: Target, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    target.write(text, (error) => (error == null ? resolve() : reject(error)));
  });
}

function goneBy(cause: unknown): CliError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED')
    return new CliError(outputGone, 'nobody reads the output any more', { cause });
  return new CliError('OUTPUT_FAILED', `the output cannot be written${code === '' ? '' : ` (${code})`}`, {
    cause,
  });
}
