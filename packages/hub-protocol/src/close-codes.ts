interface CloseCode {
  readonly code: number;
  /**
   * What a client does: connects again with backoff (`retry`), at once to another node (`move`), after it got new credentials
   * (`sign-in`), or not at all, because it would happen again (`stop`).
   */
  readonly client: 'retry' | 'move' | 'sign-in' | 'stop';
}

/** Why a hub closes a WebSocket. A code that is not listed is a broken connection: `retry`. */
export const closeCodes = {
  malformed: { code: 4400, client: 'stop' },
  /** What WebSocket libraries say by themselves of bytes that are no UTF-8, and of messages that are too large for them. */
  notText: { code: 1007, client: 'stop' },
  tooBig: { code: 1009, client: 'stop' },
  unauthenticated: { code: 4401, client: 'sign-in' },
  forbidden: { code: 4403, client: 'stop' },
  helloTimeout: { code: 4408, client: 'retry' },
  version: { code: 4409, client: 'stop' },
  tooLarge: { code: 4413, client: 'stop' },
  tooMany: { code: 4429, client: 'retry' },
  internal: { code: 4500, client: 'retry' },
  goingAway: { code: 1001, client: 'move' },
  restart: { code: 1012, client: 'move' },
  overloaded: { code: 1013, client: 'retry' },
} as const satisfies Record<string, CloseCode>;

export type CloseReason = keyof typeof closeCodes;

/** What a client does about a close code. */
export function afterClose(code: number): CloseCode['client'] {
  return Object.values(closeCodes).find((known) => known.code === code)?.client ?? 'retry';
}
