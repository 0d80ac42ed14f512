interface ErrorKind {
  readonly status: number;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly title: string;
}

/** Every code that the hub answers with. The list is closed for version 1: a client that meets another one goes by the status. */
export const errorKinds = {
  MALFORMED: { status: 400, retryable: false, title: 'Not JSON of the kind that is expected here' },
  UNKNOWN_TYPE: { status: 400, retryable: false, title: 'No frame has this type' },
  UNSUPPORTED_VERSION: {
    status: 400,
    retryable: false,
    title: 'This version of the protocol is not spoken here',
  },
  UNAUTHENTICATED: { status: 401, retryable: false, title: 'Sign in, or bring a token that is valid' },
  WRONG_CREDENTIALS: { status: 401, retryable: false, title: 'Handle, password or code are wrong' },
  FORBIDDEN: { status: 403, retryable: false, title: 'Not allowed' },
  SCOPE_MISSING: { status: 403, retryable: false, title: 'The token was not made for this' },
  ORIGIN_REFUSED: {
    status: 403,
    retryable: false,
    title: 'Requests with a cookie must come from the pages of this hub',
  },
  NOT_FOUND: { status: 404, retryable: false, title: 'Not there, or not for you' },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, title: 'The address does not know this method' },
  CONFLICT: { status: 409, retryable: false, title: 'It has changed in the meantime' },
  NAME_TAKEN: { status: 409, retryable: false, title: 'The name is taken' },
  CLIENT_ID_REUSED: { status: 409, retryable: false, title: 'This client id belongs to another message' },
  ARCHIVED: { status: 409, retryable: false, title: 'The channel is archived' },
  LAST_OWNER: { status: 409, retryable: false, title: 'Somebody must own it' },
  EPOCH_CHANGED: { status: 409, retryable: false, title: 'The numbers belong to a history that is gone' },
  LIMIT_REACHED: { status: 409, retryable: false, title: 'There are as many as there may be' },
  GONE: { status: 410, retryable: false, title: 'It was there, and is not any more' },
  TOO_LARGE: { status: 413, retryable: false, title: 'Too large' },
  UNSUPPORTED_MEDIA: { status: 415, retryable: false, title: 'Send application/json' },
  INVALID: { status: 422, retryable: false, title: 'A field cannot be used as it is' },
  RATE_LIMITED: { status: 429, retryable: true, title: 'Too many requests' },
  INTERNAL: { status: 500, retryable: false, title: 'A defect of the hub' },
  UNAVAILABLE: { status: 503, retryable: true, title: 'The hub cannot do this at the moment' },
  DRAINING: { status: 503, retryable: true, title: 'This node is going away; another one answers' },
  TIMEOUT: { status: 504, retryable: true, title: 'It took too long; whether it was done is unknown' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

export const errorCodes: readonly ErrorCode[] = Object.keys(errorKinds).filter(isErrorCode);

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorKinds, code);
}
