import type { ConfigProblem } from './config-error.ts';
import { aboutVariable, environment, type Variables } from './environment.ts';
import { asDocumented } from './fields.ts';
import { shownValue } from './shown.ts';

/** The variables as they were given: trimmed, and without those that say nothing. */
export type Given = Readonly<Record<string, string>>;

/** Gathers what is wrong, so that all of it can be told at once. */
export class Problems {
  readonly list: ConfigProblem[] = [];
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  /** @param predicate completes the sentence that begins with the variable and its value */
  add(variable: string, predicate: string): void {
    const value = this.#given[variable];
    const shown =
      value === undefined ? '' : ` (${shownValue(value, aboutVariable(variable).visibility ?? 'plain')})`;
    const quoted =
      value !== undefined && /^(["']).*\1$/.test(value) ? '; the quotes are part of the value' : '';
    this.list.push({ variable, message: `${variable}${shown} ${predicate}${quoted}` });
  }

  has(variable: string): boolean {
    return this.list.some((problem) => problem.variable === variable);
  }

  /** What the variables say, as far as it can be understood. */
  understand(): Variables {
    const outcome = environment.safeParse(this.#given);
    if (outcome.success) return outcome.data;
    const faulty = new Set<string>();
    for (const { path, code, message } of outcome.error.issues) {
      const name = String(path[0]);
      faulty.add(name);
      const own = code === 'custom' && message !== asDocumented ? message : undefined;
      this.add(name, own ?? `must be ${aboutVariable(name).allowed}`);
    }
    return environment.parse(
      Object.fromEntries(Object.entries(this.#given).filter(([name]) => !faulty.has(name))),
    );
  }
}
