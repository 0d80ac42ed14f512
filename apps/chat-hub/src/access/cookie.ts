import { fastifyCookie } from '@fastify/cookie';

export const cookieName = 'parley_session';

/** Longer than a session lives unused: whether it lives is the hub's to say, not the browser's. */
const cookieSeconds = 30 * 24 * 3600;

export function sessionIn(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const secret = fastifyCookie.parse(header)[cookieName];
  return secret !== undefined && /^[\w-]{43}$/.test(secret) ? secret : undefined;
}

/** @param secret undefined takes the cookie away */
export function sessionCookie(secret: string | undefined, secure: boolean): string {
  return fastifyCookie.serialize(cookieName, secret ?? '', {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure,
    maxAge: secret === undefined ? 0 : cookieSeconds,
  });
}
