/** What a server's or a driver's error means for those who wait for an answer. */
export interface Diagnosis {
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly heals: boolean;
  /** Whether the connection must not be used again. */
  readonly breaksConnection: boolean;
}

const fault: Diagnosis = { heals: false, breaksConnection: false };
const busy: Diagnosis = { heals: true, breaksConnection: false };
const lost: Diagnosis = { heals: true, breaksConnection: true };

const states = new Map<string, Diagnosis>([
  // A statement that was ended by its time limit, or by an operator.
  ['57014', busy],
  // Shutting down, crashed, starting, idle for too long: this session is over.
  ...['57P01', '57P02', '57P03', '57P05', '25P03', '25P04'].map((state) => [state, lost] as const),
  // Read-only: the server was demoted behind this connection; the next one may lead to its successor.
  ['25006', lost],
  ['40001', busy],
  ['40P01', busy],
  ['55P03', busy],
  // The server forgot a prepared statement, or has one of that name from somebody else: a pooler mixes sessions.
  ['26000', lost],
  ['42P05', lost],
]);

/** By the five letters of the server; see appendix A of its manual. */
function diagnoseState(state: string, routine?: string): Diagnosis {
  const known = states.get(state);
  if (known !== undefined) return known;
  if (state.startsWith('08')) return lost;
  // Out of connections, memory or disk: it goes on for those who are connected.
  if (state.startsWith('53')) return busy;
  // A table changed under a prepared statement; a new connection prepares it anew.
  if (state === '0A000' && routine === 'RevalidateCachedQuery') return lost;
  // Internal errors and corruption: nobody knows what state the session is in.
  if (state.startsWith('XX')) return { heals: false, breaksConnection: true };
  return fault;
}

const socketErrors =
  /^(?:ECONN(?:REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOST(?:UNREACH|DOWN)|ENET(?:UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL|E[MN]FILE|ENOENT|ERR_STREAM_(?:DESTROYED|WRITE_AFTER_END)|ERR_SOCKET_CLOSED)$/;

/** What the driver says without a code when a connection is lost, or does not come about in time. */
const driverWords = new RegExp(
  [
    '^Connection terminated',
    '^Client (?:has encountered a connection error|was closed) and is not queryable',
    '^timeout e(?:xpired|xceeded when trying to connect)',
    '^Query read timeout',
  ].join('|'),
);

export function diagnose(error: unknown): Diagnosis {
  if (!(error instanceof Error)) return fault;
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string') {
    if (/^[0-9A-Z]{5}$/.test(code) && 'severity' in error) return diagnoseState(code, routineOf(error));
    if (socketErrors.test(code)) return lost;
  }
  if (driverWords.test(error.message)) return lost;
  // Certificates, protocols, programming errors: the connection is not to be trusted, and waiting changes nothing.
  return { heals: false, breaksConnection: true };
}

function routineOf(error: Error): string | undefined {
  const routine: unknown = Reflect.get(error, 'routine');
  return typeof routine === 'string' ? routine : undefined;
}
