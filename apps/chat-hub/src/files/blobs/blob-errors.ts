import { HubError } from '@parley/hub-protocol';

/** It may be done in a moment, by the same request. */
export function storeAway(cause: unknown): HubError {
  return new HubError('UNAVAILABLE', 'where files are kept does not answer at the moment', {
    cause,
    retryAfter: 1_000,
  });
}

export function storeFull(cause: unknown): HubError {
  return new HubError('UNAVAILABLE', 'there is no room left where files are kept', {
    cause,
    retryAfter: 60_000,
  });
}

/** What was kept is not there: nobody who asks can do anything about it. */
export function bytesMissing(cause: unknown): HubError {
  return new HubError('INTERNAL', 'bytes of the file are missing where files are kept', { cause });
}
