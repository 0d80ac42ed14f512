import { InvalidArgument } from '@parley/cache-core/kernel';

/** @throws {InvalidArgument} naming `url` */
export function addressOf(given: string | URL): URL {
  const url = URL.canParse(String(given)) ? new URL(given) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new InvalidArgument('url', 'an address that begins with http:// or https://', given);
}

export function requireFunction(field: string, given: unknown): void {
  if (typeof given !== 'function') throw new InvalidArgument(field, 'a function', given);
}
