import { list, nullable, object, text } from '../received/reader.ts';
import { pageOf } from '../received/page.ts';
import { perhapsTime, token, user } from '../received/values.ts';
import type { Call } from './call.ts';

const me = object({ user, scopes: list(text), auth: text, expiresAt: perhapsTime });
const newToken = object({ token, secret: text });

export const accountCalls = {
  redeemSetupCode: {
    method: 'POST',
    path: '/setup',
    reply: object({ user, credentials: nullable(newToken) }),
  },
  createSession: {
    method: 'POST',
    path: '/session',
    reply: me,
  },
  readSession: {
    method: 'GET',
    path: '/session',
    reply: me,
  },
  deleteSession: {
    method: 'DELETE',
    path: '/session',
  },
  readMe: {
    method: 'GET',
    path: '/me',
    reply: user,
  },
  updateMe: {
    method: 'PATCH',
    path: '/me',
    reply: user,
  },
  listTokens: {
    method: 'GET',
    path: '/tokens',
    reply: pageOf(token),
  },
  createToken: {
    method: 'POST',
    path: '/tokens',
    reply: newToken,
  },
  revokeToken: {
    method: 'DELETE',
    path: '/tokens/{tokenId}',
  },
} as const satisfies Record<string, Call>;
