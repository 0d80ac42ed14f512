import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Networks } from './networks.ts';
import { createResolver, type Resolve } from './resolve.ts';

/** Why nothing was told. Its message is shown to those who manage the webhook. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  /** Whether it is of no use to try again. */
  readonly final: boolean;

  constructor(message: string, { final = false, cause }: { final?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.final = final;
  }
}

export interface CallOutOptions {
  readonly networks: Networks;
  readonly signal: AbortSignal;
  /** @default one of the process */
  readonly resolve?: Resolve | undefined;
}

export interface Call {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an address answered, with the beginning of its body. */
export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** One for all: the threads that its last resort takes are those of the process. */
const ofProcess = createResolver();

/** Of several addresses one is tried for so long before the next one is. */
const connecting = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1_000 };

/**
 * Posts something to an address that somebody gave, and answers the status. The name is resolved once, and the addresses that were looked at are
 * those that are called: a name that means something else a moment later leads nowhere. Nothing is followed, and nothing of the answer is read but
 * its head.
 */
export async function callOut(call: Call, options: CallOutOptions): Promise<number> {
  const { status } = await askOut(call, 0, options);
  return status;
}

/** The same, and reads what is answered as well: at most so many bytes, and nothing of what is longer. */
export function askOut(call: Call, most: number, options: CallOutOptions): Promise<Answered> {
  const { signal } = options;
  return beforeEnd(signal, async () => {
    const addresses = await addressesOf(call.url, options);
    if (signal.aborted) throw new CallFailed(late);
    return post(call, addresses, most, signal);
  });
}

const late = 'it did not answer in time';

/** Whatever hangs without heeding the signal, a resolver or a socket that somebody else has taken over, is not waited for. */
async function beforeEnd<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const over = Promise.withResolvers<never>();
  const end = (): void => over.reject(new CallFailed(late));
  signal.addEventListener('abort', end, { once: true });
  try {
    if (signal.aborted) throw new CallFailed(late);
    return await Promise.race([work(), over.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

async function addressesOf({ hostname }: URL, options: CallOutOptions): Promise<readonly string[]> {
  const { networks, signal, resolve = ofProcess } = options;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const found = isIP(host) > 0 ? [{ address: host }] : await resolved(host, resolve, signal);
  // One that is not to be called spoils the others: which of them is taken would be a matter of luck.
  if (!found.every(({ address }) => networks.mayCall(address)))
    throw new CallFailed('its address is not one of the internet', { final: true });
  if (found.length === 0) throw new CallFailed('its name has no address');
  return found.map(({ address }) => address);
}

async function resolved(host: string, resolve: Resolve, signal: AbortSignal): ReturnType<Resolve> {
  try {
    return await resolve(host, signal);
  } catch (cause) {
    throw new CallFailed(`its name has no address (${codeIn(cause)})`, { cause });
  }
}

function post(
  { url, headers, body }: Call,
  addresses: readonly string[],
  most: number,
  signal: AbortSignal,
): Promise<Answered> {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  const pinned: LookupFunction = (_, { all: wantsAll }, done) => {
    const [first] = all;
    if (wantsAll === true) done(null, all);
    else done(null, first?.address ?? '', first?.family);
  };
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const refuse = (cause: unknown): void => {
      const why = signal.aborted ? late : `it cannot be reached (${codeIn(cause)})`;
      reject(new CallFailed(why, { cause }));
    };
    const length = String(Buffer.byteLength(body));
    const asked = send(url, {
      ...connecting,
      method: 'POST',
      headers: { ...headers, 'content-length': length },
      lookup: pinned,
      agent: false,
      signal,
    });
    asked.on('error', refuse);
    // After an end that was told as nothing else, nothing more comes.
    asked.on('close', () => refuse(new Error('it was closed')));
    const answeredBy = ({ statusCode: status = 0, headers: told }: IncomingMessage) => ({
      status,
      type: told['content-type'] ?? '',
    });
    // Of a protocol that nobody asked for, with a socket that is ours to close.
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ ...answeredBy(response), body: Buffer.alloc(0) });
    });
    asked.on('response', (response) => {
      const answered = answeredBy(response);
      if (most === 0) {
        response.on('error', () => undefined);
        response.destroy();
        return resolve({ ...answered, body: Buffer.alloc(0) });
      }
      response.on('error', refuse);
      bodyOf(response, most).then((read) => resolve({ ...answered, body: read }), reject);
    });
    asked.end(body);
  });
}

function bodyOf(response: IncomingMessage, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    response.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= most) {
        parts.push(part);
        return;
      }
      reject(new CallFailed('it answered too much', { final: true }));
      response.destroy();
    });
    response.on('end', () => resolve(Buffer.concat(parts)));
  });
}

function codeIn(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
