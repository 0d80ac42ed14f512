import { ParleyError } from '@parley/cache-core/kernel';
import { exitCodes, type ExitCode } from './exit-codes.ts';

export interface CliErrorOptions {
  readonly exitCode?: ExitCode | undefined;
  /** What to do, in a line. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** What goes wrong on this side: said in a sentence, with what to do. */
export class CliError extends ParleyError {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'CliError', configurable: true, writable: true });
  }

  constructor(code: string, message: string, options: CliErrorOptions = {}) {
    super(message, { code, cause: options.cause });
    this.exitCode = options.exitCode ?? exitCodes.failed;
    this.hint = options.hint;
  }
}

export function usageError(message: string, hint?: string): CliError {
  return new CliError('USAGE', message, { exitCode: exitCodes.usage, hint });
}

export function notFound(message: string, hint?: string): CliError {
  return new CliError('NOT_FOUND', message, { exitCode: exitCodes.notFound, hint });
}
