import type { Clock, Logger } from '@parley/cache-core/kernel';
import type { ApplicationTables } from '@parley/runtime';
import { firstStart, hasOwner } from './first-start.ts';
import type { SetupCode } from './setup-codes.ts';

export interface FoundingOptions {
  readonly tables: ApplicationTables;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Tells whoever runs the hub of a code that took the place of one that ran out. @default none is made */
  readonly onCode?: ((code: SetupCode) => void) | undefined;
}

/** How the first owner comes in, as long as there is none. */
export class Founding {
  readonly #options: FoundingOptions;
  #code: SetupCode | undefined;
  #looking: Promise<boolean> | undefined;

  private constructor(options: FoundingOptions, code: SetupCode | undefined) {
    this.#options = options;
    this.#code = code;
  }

  static async open(options: FoundingOptions): Promise<Founding> {
    return new Founding(options, await firstStart(options));
  }

  /** The last code that was made here; undefined: somebody owns the workspace. */
  get code(): SetupCode | undefined {
    return this.#code;
  }

  /**
   * Whether somebody owns the workspace. Asked when somebody is at the door: while nobody owns it and the last code has run out, another one is
   * made and told. So there is one when it is wanted, and none for nobody.
   */
  async isOwned(): Promise<boolean> {
    if (this.#code === undefined) return true;
    this.#looking ??= this.#look(this.#code).finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look({ expiresAt }: SetupCode): Promise<boolean> {
    const { tables, clock, logger, onCode } = this.#options;
    try {
      const isOver = expiresAt <= clock.now();
      if (!isOver || onCode === undefined) {
        if (await hasOwner(tables)) this.#code = undefined;
      } else {
        this.#code = await firstStart(this.#options);
        if (this.#code !== undefined) onCode(this.#code);
      }
    } catch (error) {
      logger.warn({ error }, 'Whether somebody owns the workspace could not be looked at');
    }
    return this.#code === undefined;
  }
}
