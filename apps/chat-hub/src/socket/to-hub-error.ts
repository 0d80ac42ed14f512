import { isParleyError } from '@parley/cache-core/kernel';
import { HubError, isHubError } from '@parley/hub-protocol';

/** What a client is told of an error. What it does not need to know stays in the cause. */
export function toHubError(error: unknown): HubError {
  if (error instanceof HubError) return error;
  if (isHubError(error)) return new HubError(error.code, error.message, { cause: error });
  if (isParleyError(error, 'DEADLINE_EXCEEDED')) {
    return new HubError('TIMEOUT', 'it took too long; whether it was done is unknown', { cause: error });
  }
  if (isParleyError(error, 'STORE_UNAVAILABLE') || isParleyError(error, 'OVERLOADED')) {
    return new HubError('UNAVAILABLE', 'the hub cannot do this at the moment', { cause: error });
  }
  return new HubError('INTERNAL', 'something went wrong in the hub', { cause: error });
}
