import { isParleyError } from '@parley/cache-core/kernel';
import { HubError, isHubError } from '@parley/hub-protocol';

/** What the store of the presence answers; while it does not, whoever asked may ask again. */
export async function asked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const away = isParleyError(error) && error.retryable && !isHubError(error);
    if (!away) throw error;
    throw new HubError('UNAVAILABLE', 'who is here cannot be asked at the moment', {
      cause: error,
      retryAfter: 1_000,
    });
  }
}

/** For what is carried out when the store is back, or is of no use any more by then. */
export function unheeded(work: Promise<unknown>): void {
  work.catch(() => undefined);
}
