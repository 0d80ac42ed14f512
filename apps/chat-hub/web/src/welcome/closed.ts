const keyOf = (userId: string): string => `parley.first-steps.${userId}`;

/** Whether somebody needs no guide any more. A browser may forbid it to keep anything. */
export function isClosed(userId: string): boolean {
  try {
    return localStorage.getItem(keyOf(userId)) !== null;
  } catch {
    return false;
  }
}

export function keepClosed(userId: string): void {
  try {
    localStorage.setItem(keyOf(userId), 'closed');
  } catch {
    // It is shown again when the page is opened the next time.
  }
}
