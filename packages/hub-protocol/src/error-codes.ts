interface ErrorKind {
  readonly status: number;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
}

/** Every code that the hub answers with. The list is closed for version 1: a client that meets another one goes by the status. */
export const errorKinds = {
  MALFORMED: { status: 400, retryable: false },
  UNKNOWN_TYPE: { status: 400, retryable: false },
  UNSUPPORTED_VERSION: { status: 400, retryable: false },
  UNAUTHENTICATED: { status: 401, retryable: false },
  WRONG_CREDENTIALS: { status: 401, retryable: false },
  FORBIDDEN: { status: 403, retryable: false },
  SCOPE_MISSING: { status: 403, retryable: false },
  ORIGIN_REFUSED: { status: 403, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  COMMAND_UNKNOWN: { status: 404, retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false },
  CONFLICT: { status: 409, retryable: false },
  NAME_TAKEN: { status: 409, retryable: false },
  CLIENT_ID_REUSED: { status: 409, retryable: false },
  ARCHIVED: { status: 409, retryable: false },
  LAST_OWNER: { status: 409, retryable: false },
  EPOCH_CHANGED: { status: 409, retryable: false },
  LIMIT_REACHED: { status: 409, retryable: false },
  GONE: { status: 410, retryable: false },
  TOO_LARGE: { status: 413, retryable: false },
  RANGE_REFUSED: { status: 416, retryable: false },
  UNSUPPORTED_MEDIA: { status: 415, retryable: false },
  INVALID: { status: 422, retryable: false },
  RATE_LIMITED: { status: 429, retryable: true },
  INTERNAL: { status: 500, retryable: false },
  UNAVAILABLE: { status: 503, retryable: true },
  DRAINING: { status: 503, retryable: true },
  TIMEOUT: { status: 504, retryable: true },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

export const errorCodes: readonly ErrorCode[] = Object.keys(errorKinds).filter(isErrorCode);

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorKinds, code);
}
