import { isParleyError, ParleyError } from '@parley/cache-core/kernel';
import { errorCodes, errorKinds, isErrorCode, type ErrorCode } from './error-codes.ts';
import type { Problem } from './problem-schema.ts';

export interface HubErrorOptions {
  field?: string | undefined;
  retryAfter?: number | undefined;
  requestId?: string | undefined;
  cause?: unknown;
}

/** An answer of the hub that is no success, on both sides of the wire. */
export class HubError extends ParleyError {
  declare readonly code: ErrorCode;
  readonly status: number;
  readonly field: string | undefined;
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'HubError', configurable: true, writable: true });
  }

  constructor(code: ErrorCode, detail: string, options: HubErrorOptions = {}) {
    const { field, retryAfter, requestId, cause } = options;
    const { status, retryable } = errorKinds[code];
    super(detail, { code, retryable, cause, evidence: { status, field, requestId } });
    this.status = status;
    this.field = field;
    this.retryAfter = retryAfter;
    this.requestId = requestId;
  }

  /** The error that came over the wire. A code of a later version becomes the one that its status stands for. */
  static fromProblem(problem: Problem): HubError {
    const { code, detail, field, retryAfter, requestId, status } = problem;
    const known = isErrorCode(code) ? code : codeOfStatus(status);
    return new HubError(known, detail, { field, retryAfter, requestId });
  }
}

/** Whether the value is an error of the hub, of any copy of this package; with a code, whether it is that one. */
export function isHubError(value: unknown, code?: ErrorCode): value is HubError {
  if (!isParleyError(value) || !isErrorCode(value.code) || !('status' in value)) return false;
  return code === undefined || value.code === code;
}

/** The most general code with this status, for answers that name none: those of a proxy, or of a later version. */
export function codeOfStatus(status: number): ErrorCode {
  const general: Readonly<Record<number, ErrorCode>> = { 403: 'FORBIDDEN', 409: 'CONFLICT' };
  const code = general[status] ?? errorCodes.find((code) => errorKinds[code].status === status);
  if (code !== undefined) return code;
  if (status === 502) return 'UNAVAILABLE';
  return status >= 500 ? 'INTERNAL' : 'INVALID';
}
