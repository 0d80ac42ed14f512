import { InvalidArgument, requireInteger } from '@parley/cache-core/kernel';
import type { Caller } from './http-identity.ts';
import { isAddress, subnetOf } from './subnet.ts';

export interface TrustOptions {
  /**
   * Which proxies are believed when they say for whom they ask: their addresses and subnets (`10.0.0.0/8`), or how many of them stand before
   * this server. By number whoever reaches the server past them is believed too. @default none
   */
  readonly trust?: readonly string[] | number | undefined;
  /** The field in which each of them adds from whom it was asked. @default 'x-forwarded-for' */
  readonly forwarded?: string | undefined;
}

export interface Trust {
  readonly field: string;
  /** @param hop how many proxies were passed already */
  readonly believes: (address: string, hop: number) => boolean;
}

export function trustOf({ trust = 0, forwarded = 'x-forwarded-for' }: TrustOptions): Trust {
  const field = forwarded.toLowerCase();
  if (typeof trust === 'number') {
    const hops = requireInteger('trust', trust, 0, 100);
    return { field, believes: (_address, hop) => hop < hops };
  }
  if (!Array.isArray(trust)) throw new InvalidArgument('trust', 'a list of subnets or a number', trust);
  const subnets = trust.map(subnetTest);
  return { field, believes: (address) => subnets.some((has) => has(address)) };
}

/** The nearest address that is not of a trusted proxy, or the farthest that a trusted one tells. */
export function clientAddress({ address, header }: Caller, { field, believes }: Trust): string | undefined {
  if (address === undefined) return undefined;
  let client = address;
  const told = header(field)?.split(',').toReversed() ?? [];
  for (const [hop, entry] of told.entries()) {
    if (!believes(client, hop)) break;
    const next = withoutPort(entry.trim());
    // What is no address was not written by a proxy that can be trusted: what comes before it says nothing either.
    if (!isAddress(next)) break;
    client = next;
  }
  return client;
}

function subnetTest(subnet: string): (address: string) => boolean {
  const [base = '', bits] = typeof subnet === 'string' ? subnet.split('/') : [];
  if (!isAddress(base) || (bits !== undefined && !/^\d{1,3}$/.test(bits)))
    throw new InvalidArgument('trust', 'addresses and subnets such as 10.0.0.0/8', subnet);
  const isV6 = base.includes(':');
  const width = bits === undefined ? undefined : Number(bits);
  const most = isV6 ? 128 : 32;
  if (width !== undefined && width > most)
    throw new InvalidArgument('trust', `at most ${most} bits of an address`, subnet);
  const options = isV6 ? { v6: width ?? 128 } : { v4: width ?? 32, v6: 128 };
  const wanted = subnetOf(base, options);
  return (address) => isAddress(address) && subnetOf(address, options) === wanted;
}

/** `192.0.2.7:1234` and `[2001:db8::1]:1234`, as some proxies write. */
function withoutPort(entry: string): string {
  const [, v6, v4] = /^(?:\[([^\]]*)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/.exec(entry) ?? [];
  return v6 ?? v4 ?? entry;
}
