const cookieName = 'parley_session';

/** Longer than a session lives unused: whether it lives is the hub's to say, not the browser's. */
const cookieSeconds = 30 * 24 * 3600;

/** What the header `cookie` brings. The value needs no quotes and no escapes: what has them is none of ours. */
export function sessionIn(header: string | undefined): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [, name, value] = /^\s*([^=\s]+)=([\w-]{43})\s*$/.exec(pair) ?? [];
    if (name === cookieName) return value;
  }
  return undefined;
}

/** @param secret undefined takes the cookie away */
export function sessionCookie(secret: string | undefined, secure: boolean): string {
  const parts = [
    `${cookieName}=${secret ?? ''}`,
    `Max-Age=${secret === undefined ? 0 : cookieSeconds}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
  ];
  if (secure) parts.push('Secure');
  return parts.join('; ');
}
