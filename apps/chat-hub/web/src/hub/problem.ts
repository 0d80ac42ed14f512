import { isHubError } from '@parley/hub-protocol';

/** What went wrong, as one sentence for people. */
export function sentenceOf(error: unknown): string {
  if (isHubError(error)) {
    const { message, retryAfter } = error;
    const text = message.charAt(0).toUpperCase() + message.slice(1);
    return retryAfter === undefined ? text : `${text}. Try again in ${Math.ceil(retryAfter / 1000)} s`;
  }
  return error instanceof Error ? error.message : 'Something went wrong';
}
