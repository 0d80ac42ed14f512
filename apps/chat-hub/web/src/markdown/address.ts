const schemes = new Set(['http:', 'https:', 'mailto:']);

/** An address that may be followed. Undefined: it leads somewhere else than to a page or to somebody's mail. */
export function safeAddress(text: string): URL | undefined {
  // `URL.parse` is younger than some browsers that show everything else.
  const address = URL.canParse(text) ? new URL(text) : undefined;
  return address !== undefined && schemes.has(address.protocol) ? address : undefined;
}
