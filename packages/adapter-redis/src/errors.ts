import {
  isParleyError,
  redact,
  StoreFault,
  StoreUnavailable,
  type ParleyError,
} from '@parley/cache-core/kernel';

export interface ErrorSource {
  /** What was to be done, as the object of "could not". */
  readonly what: string;
  /** The server, without secrets. */
  readonly server: string;
  readonly username: string | undefined;
}

/**
 * First words of replies that go away by themselves or by an operator's hand. OOM is among them: what is asked to be kept is refused until
 * something expires, and a cache must go on without.
 */
const passing = new Set([
  'LOADING',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'READONLY',
  'MASTERDOWN',
  'OOM',
  'BUSY',
  'MISCONF',
  'NOREPLICAS',
  'MOVED',
  'ASK',
  'UNBLOCKED',
]);
const refusing = new Set(['WRONGPASS', 'NOAUTH', 'NOPERM', 'DENIED']);
/** Of TLS, where trying again gives the same until somebody changes a certificate. */
const untrusted = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|ERR_SSL|ERR_TLS/;

/** The error of the driver as one of the two that a store may throw. */
export function asStoreError(error: unknown, source: ErrorSource): ParleyError {
  if (isParleyError(error) && error.code !== 'DEADLINE_EXCEEDED') return error;
  const cause = withoutArguments(error);
  const { what, server, username } = source;
  const text = cause instanceof Error ? redact(cause.message) : String(cause);
  const evidence = { server, operation: what };
  const reply = firstWord(cause);
  if (reply !== undefined && refusing.has(reply)) return refused(reply, text, cause, source);
  if (/can't run this command|no permissions? to/i.test(text)) return refused('NOPERM', text, cause, source);
  if (
    reply !== undefined &&
    !passing.has(reply) &&
    !/max number of clients|Last error: ReplyError: /.test(text)
  ) {
    const shown = text.replace(/,? with args beginning with.*$/s, '');
    return new StoreFault(`Redis at ${server} refused to ${what}: ${shown}`, { cause, evidence });
  }
  // Of this program, not of the server.
  if (cause instanceof TypeError)
    return new StoreFault(`Redis at ${server} could not ${what}: ${text}`, { cause, evidence });
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  if (typeof code === 'string' && untrusted.test(code)) {
    const message = `No secure connection to Redis at ${server}${username === undefined ? '' : ` as ${username}`}: ${text}`;
    return new StoreFault(message, { cause, evidence: { ...evidence, code } });
  }
  return new StoreUnavailable(`Redis at ${server} could not ${what}: ${advice(reply, text)}`, {
    cause,
    evidence,
  });
}

function refused(
  reply: string,
  text: string,
  cause: unknown,
  { what, server, username }: ErrorSource,
): StoreFault {
  const user = username ?? 'default';
  const command = /'([^' ]+)' command/.exec(text)?.[1] ?? commandOf(cause);
  const evidence = { server, operation: what, user, command };
  const as = `Redis at ${server}, user "${user}"`;
  if (reply !== 'NOPERM') {
    const why =
      reply === 'WRONGPASS' ? 'the password is wrong or the user is disabled' : 'a password is needed';
    return new StoreFault(`${as}: not admitted, ${why} (${reply})`, { cause, evidence });
  }
  const missing = /\b(keys?|channels?)\b/.exec(text.replace(/keyspace/g, ''))?.[1];
  const rule =
    missing === undefined
      ? `the command "${command}" is not allowed`
      : `the ${missing} of "${command}" are not allowed`;
  return new StoreFault(`${as}: may not ${what}, ${rule} by its ACL`, { cause, evidence });
}

function advice(reply: string | undefined, text: string): string {
  if (reply !== 'OOM') return text;
  return 'its memory is full (maxmemory), and its maxmemory-policy evicts nothing that would help';
}

/** The code of an error reply, which is its first word in capitals; undefined for what is no reply of the server. */
function firstWord(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return undefined;
  return /^-?([A-Z]+)\b/.exec(error.message)?.[1] ?? 'ERR';
}

function commandOf(error: unknown): string | undefined {
  const command: unknown = error instanceof Error ? Reflect.get(error, 'command') : undefined;
  if (typeof command !== 'object' || command === null) return undefined;
  const name: unknown = Reflect.get(command, 'name');
  return typeof name === 'string' ? name : undefined;
}

/** The driver hangs the arguments on its errors: values of the application, and the password where it was AUTH or HELLO. */
export function withoutArguments(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const name = commandOf(error);
  if (name !== undefined)
    Object.defineProperty(error, 'command', { value: { name }, configurable: true, writable: true });
  const last: unknown = Reflect.get(error, 'lastNodeError');
  if (last !== undefined) withoutArguments(last);
  return error;
}
