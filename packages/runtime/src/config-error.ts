import { ParleyError } from '@parley/cache-core/kernel';

export interface ConfigProblem {
  /** The variable, or the key of the file, as whoever configures wrote it. */
  readonly variable: string;
  /** A sentence that says what it is and what is allowed; without secrets. */
  readonly message: string;
}

/** The configuration cannot be used. Tells everything that is wrong with it at once; nothing was opened. */
export class ConfigError extends ParleyError {
  declare readonly code: 'INVALID_CONFIG';
  readonly problems: readonly ConfigProblem[];

  static {
    Object.defineProperty(this.prototype, 'name', {
      value: 'ConfigError',
      configurable: true,
      writable: true,
    });
  }

  constructor(problems: readonly ConfigProblem[]) {
    super(`The configuration cannot be used:\n${problems.map(({ message }) => `- ${message}`).join('\n')}`, {
      code: 'INVALID_CONFIG',
      evidence: { variables: problems.map(({ variable }) => variable).join(', ') },
    });
    this.problems = problems;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), problems: this.problems };
  }
}
