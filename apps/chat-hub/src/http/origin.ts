import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request comes from a page of this hub, as far as the browser tells. Without a public address the hub is what the browser calls it.
 *
 * @param publicOrigin such as `https://chat.example.org`
 */
export function isOwnOrigin(headers: IncomingHttpHeaders, publicOrigin: string | undefined): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return headers['sec-fetch-site'] === 'same-origin';
  if (publicOrigin !== undefined) return origin === publicOrigin;
  return host !== undefined && hostOf(origin) === host.toLowerCase();
}

function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/?#@]+)$/i.exec(origin)?.[1]?.toLowerCase();
}
