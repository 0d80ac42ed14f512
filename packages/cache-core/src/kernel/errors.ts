import { cut, describeValue, redact } from './describe.ts';

const brand = Symbol.for('@parley/error');

/** Facts for the reader of a log: flat, printable and free of secrets. */
export type Evidence = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface ErrorContext {
  /** What was caught, unchanged. */
  cause?: unknown;

  /** Facts that explain the failure: the store, the limit, the time spent. */
  evidence?: Evidence;
}

export interface ParleyErrorOptions extends ErrorContext {
  /** What programs compare: stable, in upper case. Messages may change, codes do not. */
  code: string;

  /**
   * Whether the same call may succeed later. It says nothing about whether the failed call took effect.
   *
   * @default false
   */
  retryable?: boolean;
}

/**
 * The base of every error that Parley throws.
 *
 * Recognise it with {@link isParleyError}, never with `instanceof`: an application may hold two copies of this package.
 */
export class ParleyError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly evidence: Evidence;

  static {
    // On the prototype and not in the type, so that errors of two package copies are assignable to each other.
    Object.defineProperty(this.prototype, brand, { value: true });
    nameErrors(this, 'ParleyError');
  }

  constructor(message: string, options: ParleyErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.retryable = options.retryable ?? false;
    this.evidence = options.evidence ?? {};
  }

  /** What may leave the process: no stack, no credentials, long text cut. */
  toJSON(): Record<string, unknown> {
    return summary(this, 4);
  }
}

/** The store did not answer: no connection, no reply in time, read-only, or its breaker is open. Retryable. */
export class StoreUnavailable extends ParleyError {
  declare readonly code: 'STORE_UNAVAILABLE';
  static {
    nameErrors(this, 'StoreUnavailable');
  }
  constructor(message: string, context: ErrorContext = {}) {
    super(message, { ...context, code: 'STORE_UNAVAILABLE', retryable: true });
  }
}

/** The store answered, and the answer is an error: asking again gives the same. */
export class StoreFault extends ParleyError {
  declare readonly code: 'STORE_FAULT';
  static {
    nameErrors(this, 'StoreFault');
  }
  constructor(message: string, context: ErrorContext = {}) {
    super(message, { ...context, code: 'STORE_FAULT' });
  }
}

/** The caller passed something that cannot be used. Nothing was done. */
export class InvalidArgument extends ParleyError {
  declare readonly code: 'INVALID_ARGUMENT';

  /** The option or argument at fault, as the caller wrote it. */
  readonly field: string;
  static {
    nameErrors(this, 'InvalidArgument');
  }

  /** @param expected completes the sentence `<field> must be ...` */
  constructor(field: string, expected: string, value: unknown) {
    const described = describeValue(value);
    super(`${field} must be ${expected}, not ${described}`, {
      code: 'INVALID_ARGUMENT',
      evidence: { field, value: described },
    });
    this.field = field;
  }
}

/** A time limit passed. Whether the work took effect is unknown. Retryable. */
export class DeadlineExceeded extends ParleyError {
  declare readonly code: 'DEADLINE_EXCEEDED';
  static {
    nameErrors(this, 'DeadlineExceeded');
  }
  constructor(what: string, limitMs: number, context: ErrorContext = {}) {
    super(`${what} did not finish within ${limitMs} ms`, {
      ...context,
      code: 'DEADLINE_EXCEEDED',
      retryable: true,
      evidence: { what, limitMs, ...context.evidence },
    });
  }
}

/** The caller's signal was aborted with the reason kept in `cause`. Its `name` is `AbortError`, which the platform's own checks expect. */
export class Aborted extends ParleyError {
  declare readonly code: 'ABORTED';
  static {
    nameErrors(this, 'AbortError');
  }
  constructor(reason?: unknown) {
    super('The caller aborted the call', { code: 'ABORTED', cause: reason });
  }
}

/** A bound on concurrency or queue length was reached: the call was refused before it began. Retryable. */
export class Overloaded extends ParleyError {
  declare readonly code: 'OVERLOADED';
  static {
    nameErrors(this, 'Overloaded');
  }
  constructor(message: string, context: ErrorContext = {}) {
    super(message, { ...context, code: 'OVERLOADED', retryable: true });
  }
}

/** The object was closed by its owner and takes no more calls. */
export class Closed extends ParleyError {
  declare readonly code: 'CLOSED';
  static {
    nameErrors(this, 'Closed');
  }
  constructor(what: string, context: ErrorContext = {}) {
    super(`${what} is closed`, { ...context, code: 'CLOSED', evidence: { what, ...context.evidence } });
  }
}

/** The errors of the kernel by their code. */
export interface KernelErrors {
  STORE_UNAVAILABLE: StoreUnavailable;
  STORE_FAULT: StoreFault;
  INVALID_ARGUMENT: InvalidArgument;
  DEADLINE_EXCEEDED: DeadlineExceeded;
  ABORTED: Aborted;
  OVERLOADED: Overloaded;
  CLOSED: Closed;
}

/** Whether the value is an error of Parley, of any copy of this package; with a code, whether it is that one. */
export function isParleyError<C extends keyof KernelErrors>(
  value: unknown,
  code: C,
): value is KernelErrors[C];
export function isParleyError(value: unknown, code?: string): value is ParleyError;
export function isParleyError(value: unknown, code?: string): value is ParleyError {
  if (typeof value !== 'object' || value === null || Reflect.get(value, brand) !== true) return false;
  return code === undefined || Reflect.get(value, 'code') === code;
}

/** Whether the same call may succeed later: only errors that say so themselves. */
export function isRetryable(error: unknown): boolean {
  return isParleyError(error) && error.retryable;
}

/** On the prototype, because V8 writes the first line of the stack before a constructor could set a field. */
function nameErrors(errors: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(errors.prototype, 'name', { value: name, configurable: true, writable: true });
}

const secretName = /pass|secret|token|credential|cookie|authori[sz]ation|api_?key/i;

function summary(error: ParleyError, depth: number): Record<string, unknown> {
  const evidence = Object.entries(error.evidence).map(([name, value]) => {
    if (secretName.test(name)) return [name, '***'] as const;
    return [name, typeof value === 'string' ? printable(value) : value] as const;
  });
  return {
    name: error.name,
    code: error.code,
    retryable: error.retryable,
    message: printable(error.message),
    ...(evidence.length > 0 && { evidence: Object.fromEntries(evidence) }),
    ...(error.cause !== undefined && { cause: summariseCause(error.cause, depth - 1) }),
  };
}

function summariseCause(cause: unknown, depth: number): unknown {
  if (depth === 0 || !(cause instanceof Error)) return describeValue(cause);
  if (isParleyError(cause)) return summary(cause, depth);
  const code: unknown = Reflect.get(cause, 'code');
  return {
    name: cause.name,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    message: printable(cause.message),
  };
}

function printable(text: string): string {
  return cut(redact(text), 300);
}
