import { createHash } from 'node:crypto';
import { clientAddress, trustOf, type TrustOptions } from './http-proxies.ts';
import { isAddress, subnetOf, type SubnetOptions } from './subnet.ts';

/** What is known of who sent a request, whatever the framework. */
export interface Caller {
  /** Of the connection: of the last proxy, where there are any. */
  readonly address: string | undefined;
  /** A field of the request, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
}

/** Who is charged for a request; undefined: whoever has its address. */
export type Identify<Request> = (
  request: Request,
  caller: Caller,
) => string | undefined | Promise<string | undefined>;

export interface AddressOptions extends SubnetOptions, TrustOptions {}

/** Whoever has the address of the connection, IPv6 by subnet. What a request says of itself is believed of trusted proxies only. */
export function byAddress(options: AddressOptions = {}): (request: unknown, caller: Caller) => string {
  const trust = trustOf(options);
  const { v4, v6 } = options;
  subnetOf('::', { v4, v6 });
  return (_request, caller) => {
    const address = clientAddress(caller, trust);
    // Connections over a Unix socket have none. They count together, rather than not at all.
    return address !== undefined && isAddress(address) ? subnetOf(address, { v4, v6 }) : 'unknown';
  };
}

/**
 * Whoever sends this value of a field, such as an API key; undefined without one. Only for values that were checked before: who may invent them
 * has as many identities as they like.
 */
export function byHeader(name: string): (request: unknown, caller: Caller) => string | undefined {
  const field = name.toLowerCase();
  return (_request, { header }) => {
    const value = header(field);
    return value === undefined || value === '' ? undefined : headerIdentity(field, value);
  };
}

/** Whoever the first of them tells that does: `firstOf(byHeader('x-api-key'), byAddress({ trust }))`. */
export function firstOf<Request>(...identities: readonly Identify<Request>[]): Identify<Request> {
  return async (request, caller) => {
    for (const identify of identities) {
      // One after another: the next is only asked where this one does not know.
      const identity = await identify(request, caller);
      if (identity !== undefined) return identity;
    }
    return undefined;
  };
}

/** The identity that `byHeader` makes, to reset or block it. A digest: neither the store nor `topDenied` shows anybody's key. */
export function headerIdentity(name: string, value: string): string {
  return `${name.toLowerCase()}:${createHash('sha256').update(value).digest('base64url').slice(0, 22)}`;
}
