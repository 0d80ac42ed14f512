import { isParleyError } from '@parley/cache-core/kernel';
import { codeOfStatus, HubError, isHubError, type ErrorCode } from '@parley/hub-protocol';

/** What a caller may know of anything that went wrong. What nobody foresaw is `INTERNAL`, without a word of what it was. */
export function hubErrorOf(error: unknown): HubError {
  if (isHubError(error)) return error;
  if (isParleyError(error)) return ofKernel(error.code, error);
  const status = statusOf(error);
  if (status === undefined || status >= 500) return internal(error);
  return ofFramework(status, error);
}

const kernelCodes: Readonly<Record<string, readonly [code: ErrorCode, detail: string]>> = {
  STORE_UNAVAILABLE: ['UNAVAILABLE', 'the database or the cache does not answer at the moment'],
  OVERLOADED: ['UNAVAILABLE', 'too much is waiting already'],
  CLOSED: ['DRAINING', 'this node ends'],
  DEADLINE_EXCEEDED: ['TIMEOUT', 'it was not done in time'],
  ABORTED: ['TIMEOUT', 'it was given up'],
};

function ofKernel(code: string, cause: unknown): HubError {
  const known = Object.hasOwn(kernelCodes, code) ? kernelCodes[code] : undefined;
  if (known === undefined) return internal(cause);
  return new HubError(known[0], known[1], {
    cause,
    ...(known[0] === 'UNAVAILABLE' && { retryAfter: 1_000 }),
  });
}

/** What the framework refuses before any route is asked. */
function ofFramework(status: number, cause: unknown): HubError {
  if (status === 413) return new HubError('TOO_LARGE', 'the body has more bytes than allowed', { cause });
  if (status === 415)
    return new HubError('UNSUPPORTED_MEDIA', 'the body is of another media type than is expected here', {
      cause,
    });
  if (status === 400) return new HubError('MALFORMED', 'the request cannot be read', { cause });
  return new HubError(codeOfStatus(status), 'the request was refused', { cause });
}

function internal(cause: unknown): HubError {
  return new HubError('INTERNAL', 'something went wrong here; the id of the request finds it in the log', {
    cause,
  });
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
