const schemes = new Set(['http:', 'https:', 'mailto:']);

/** An address that may be followed. Undefined: it leads somewhere else than to a page or to somebody's mail. */
export function safeAddress(text: string): URL | undefined {
  const address = URL.parse(text);
  return address !== null && schemes.has(address.protocol) ? address : undefined;
}
