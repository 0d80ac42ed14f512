/**
 * Epochs of guards. A guard is a tag or a namespace; an entry carries the epochs that its guards had before it was loaded, and is stale as
 * soon as one differs. An epoch is the store's clock in microseconds, so that a guard that was lost (evicted, expired) and made anew can
 * never get a number back that some old entry still carries. Made epochs are even and bumped ones odd: thus a tag that is known only
 * after the load can be asked whether anybody invalidated it meanwhile.
 */
export const madeEpoch = (stampUs: number, last = 0): number => atLeast(stampUs + (stampUs % 2), last);

export const bumpedEpoch = (stampUs: number, last = 0): number => atLeast(stampUs + 1 - (stampUs % 2), last);

export const bumpedSince = (epoch: number, stampUs: number): boolean => epoch % 2 === 1 && epoch >= stampUs;

function atLeast(epoch: number, last: number): number {
  if (epoch > last) return epoch;
  return last + ((epoch - last) % 2 === 0 ? 2 : 1);
}
