interface CloseCode {
  readonly code: number;
  readonly when: string;
  /**
   * What a client does: connects again with backoff (`retry`), at once to another node (`move`), after it got new credentials
   * (`sign-in`), or not at all, because it would happen again (`stop`).
   */
  readonly client: 'retry' | 'move' | 'sign-in' | 'stop';
}

/** Why a hub closes a WebSocket. A code that is not listed is a broken connection: `retry`. */
export const closeCodes = {
  malformed: { code: 4400, when: 'A frame was no JSON, or bytes were no UTF-8.', client: 'stop' },
  unauthenticated: {
    code: 4401,
    when: 'No valid token or session, or it was revoked or has expired.',
    client: 'sign-in',
  },
  forbidden: {
    code: 4403,
    when: 'The user was deactivated, or the origin of the page is not allowed.',
    client: 'stop',
  },
  helloTimeout: { code: 4408, when: 'No `hello` came in time, or none as the first frame.', client: 'retry' },
  version: { code: 4409, when: 'The hub does not speak this version.', client: 'stop' },
  tooLarge: { code: 4413, when: 'A message had more bytes or frames than allowed.', client: 'stop' },
  tooMany: { code: 4429, when: 'Too many frames, or too many connections.', client: 'retry' },
  internal: { code: 4500, when: 'A defect of the hub.', client: 'retry' },
  goingAway: { code: 1001, when: 'The node ends.', client: 'move' },
  restart: { code: 1012, when: 'The node drains; `goodbye` came before.', client: 'move' },
  overloaded: { code: 1013, when: 'The node has as many connections as it takes.', client: 'retry' },
} as const satisfies Record<string, CloseCode>;

export type CloseReason = keyof typeof closeCodes;

/** What a client does about a close code. */
export function afterClose(code: number): CloseCode['client'] {
  return Object.values(closeCodes).find((known) => known.code === code)?.client ?? 'retry';
}
