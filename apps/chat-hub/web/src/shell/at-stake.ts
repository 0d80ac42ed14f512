const kept = new Set<() => boolean>();

/** Names something that would be lost with the page. Answers how it is taken back. */
export function keepPage(isAtStake: () => boolean): () => void {
  kept.add(isAtStake);
  return () => void kept.delete(isAtStake);
}

/** Whether the page can begin anew without anybody's noticing. */
export const nothingAtStake = (): boolean => ![...kept].some((isAtStake) => isAtStake());
