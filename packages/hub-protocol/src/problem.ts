import { errorKinds, type ErrorCode } from './error-codes.ts';
import type { HubError } from './errors.ts';
import type { Problem } from './problem-schema.ts';

/** What each code means, for people. */
export const errorTitles: Readonly<Record<ErrorCode, string>> = {
  MALFORMED: 'Not JSON of the kind that is expected here',
  UNKNOWN_TYPE: 'No frame has this type',
  UNSUPPORTED_VERSION: 'This version of the protocol is not spoken here',
  UNAUTHENTICATED: 'Sign in, or bring a token that is valid',
  WRONG_CREDENTIALS: 'Handle, password or code are wrong',
  FORBIDDEN: 'Not allowed',
  SCOPE_MISSING: 'The token was not made for this',
  ORIGIN_REFUSED: 'Requests with a cookie must come from the pages of this hub',
  NOT_FOUND: 'Not there, or not for you',
  COMMAND_UNKNOWN: 'The channel has no such command',
  METHOD_NOT_ALLOWED: 'The address does not know this method',
  CONFLICT: 'It has changed in the meantime',
  NAME_TAKEN: 'The name is taken',
  CLIENT_ID_REUSED: 'This client id belongs to something else',
  ARCHIVED: 'The channel is archived',
  LAST_OWNER: 'Somebody must own it',
  EPOCH_CHANGED: 'The numbers belong to a history that is gone',
  LIMIT_REACHED: 'There are as many as there may be',
  GONE: 'It was there, and is not any more',
  TOO_LARGE: 'Too large',
  RANGE_REFUSED: 'The file ends before this range begins',
  UNSUPPORTED_MEDIA: 'Send the media type that is expected here',
  INVALID: 'A field cannot be used as it is',
  RATE_LIMITED: 'Too many requests',
  INTERNAL: 'A defect of the hub',
  UNAVAILABLE: 'The hub cannot do this at the moment',
  DRAINING: 'This node is going away; another one answers',
  TIMEOUT: 'It took too long; whether it was done is unknown',
};

/** The error as it goes over the wire. Its cause stays at home. */
export function toProblem(error: HubError, requestId: string | undefined = error.requestId): Problem {
  const { code, field, retryAfter } = error;
  const { status, retryable } = errorKinds[code];
  return {
    type: `urn:parley:error:${code}`,
    title: errorTitles[code],
    status,
    code,
    detail: error.message,
    ...(field !== undefined && { field }),
    retryable,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(requestId !== undefined && { requestId }),
  };
}
