import type { IncomingMessage } from 'node:http';
import { byAddress } from '@parley/ratelimit/http';

/** What the framework calls by a name. */
const networks: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Where a request that becomes a socket came from, as the framework says it of all others: the address itself. */
export function clientAddress(trustProxy: readonly string[] | false): (request: IncomingMessage) => string {
  const trust = trustProxy === false ? [] : trustProxy.flatMap((name) => networks[name] ?? [name]);
  const identify = byAddress({ trust, v6: 128 });
  return (request) => {
    const header = (name: string): string | undefined =>
      [request.headers[name]].flat().join(',') || undefined;
    return identify(request, { address: request.socket.remoteAddress, header });
  };
}
