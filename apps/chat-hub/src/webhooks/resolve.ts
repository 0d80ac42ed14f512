import { lookup as systemLookup, Resolver } from 'node:dns/promises';

type Addresses = readonly { readonly address: string }[];

/** What addresses a name has. After the signal nobody waits for it. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<Addresses>;

export interface ResolverOptions {
  /** With ports, perhaps. @default those of the system */
  readonly servers?: readonly string[] | undefined;
  /** How long a name server may take to answer, the first of two times. @default 1,500 */
  readonly timeoutMs?: number | undefined;
  /** @default that of the system */
  readonly lookup?: ((host: string) => Promise<Addresses>) | undefined;
}

/**
 * Asks name servers over sockets of its own. The look-up of the system takes one of a few threads for as long as a name server likes to be silent,
 * and connections to databases wait behind it: only names that no name server knows, but a file of this machine may, are left to it, one at a time.
 */
export function createResolver(options: ResolverOptions = {}): Resolve {
  const { servers, timeoutMs = 1_500, lookup = (host) => systemLookup(host, { all: true }) } = options;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (host: string, signal: AbortSignal): Promise<Addresses> => {
    const mine = turn.then(() => {
      signal.throwIfAborted();
      return lookup(host);
    });
    turn = mine.catch(() => undefined);
    return mine;
  };
  return async (host, signal) => {
    const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
    if (servers !== undefined) resolver.setServers(servers);
    const asked = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found = asked.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    if (found.length > 0) return found.map((address) => ({ address }));
    const silence = asked.find((one) => one.status === 'rejected' && isSilence(one.reason));
    if (silence?.status === 'rejected') throw silence.reason;
    return inTurn(host, signal);
  };
}

function isSilence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ETIMEOUT';
}
