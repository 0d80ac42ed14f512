import type { accountRoutes } from '../rest/account-routes.ts';
import type { userRoutes } from '../rest/user-routes.ts';
import type { Session } from '../values/session.ts';
import type { Token } from '../values/token.ts';
import type { CallExamples } from './example-call.ts';
import { at, exampleUser, ids } from './example-values.ts';

const day = 24 * 60 * 60 * 1000;
const ofUser = { userId: ids.architect };
export const setup = { code: 'KJ4M-9QTX-C2VD', expiresAt: at + 10 * 60 * 1000 };
const session = {
  user: { ...exampleUser, id: ids.ada, kind: 'person', handle: 'ada', displayName: 'Ada', role: 'owner' },
  scopes: ['read', 'write', 'react', 'manage', 'admin'],
  auth: 'session',
  expiresAt: at + day,
} as const;
const secret = 'parley_…';
export const signedIn: Session = {
  id: 'k6dDkVbYxk2jgLqvzF4Wc0m1rJ8uA5sTn9eHoPiQ3yE',
  createdAt: at,
  lastSeenAt: at + 60_000,
  expiresAt: at + 60_000 + day,
  address: '192.0.2.7',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  current: true,
};
const token: Token = {
  id: ids.token,
  userId: ids.architect,
  name: 'laptop',
  scopes: ['read', 'write', 'react'],
  createdAt: at,
  expiresAt: at + 90 * day,
  lastUsedAt: null,
  revokedAt: null,
};

export const accountCallExamples: CallExamples<keyof typeof accountRoutes> = {
  redeemSetupCode: {
    body: { code: setup.code },
    reply: { user: exampleUser, credentials: { token, secret } },
  },
  createSession: {
    body: { handle: 'ada', password: 'correct horse battery' },
    reply: { ...session, scopes: [...session.scopes] },
  },
  readSession: { reply: { ...session, scopes: [...session.scopes] } },
  deleteSession: {},
  listSessions: { reply: { items: [signedIn] } },
  revokeSession: { params: { sessionId: signedIn.id } },
  revokeOtherSessions: {},
  readMe: { reply: exampleUser },
  updateMe: { body: { bio: exampleUser.bio, capabilities: exampleUser.capabilities }, reply: exampleUser },
  changePassword: { body: { current: 'correct horse battery', next: 'staple of another kind' } },
  listTokens: { query: { limit: 50 }, reply: { items: [token], next: null } },
  createToken: {
    body: {
      name: token.name,
      userId: ids.architect,
      scopes: ['read', 'write', 'react'],
      expiresAt: at + 90 * day,
    },
    reply: { token, secret },
  },
  revokeToken: { params: { tokenId: ids.token } },
};

export const userCallExamples: CallExamples<keyof typeof userRoutes> = {
  listUsers: { query: { kind: 'agent', capability: 'review' }, reply: { items: [exampleUser], next: null } },
  readUser: { params: ofUser, reply: exampleUser },
  readAvatar: {
    params: ofUser,
    reply: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">…</svg>',
  },
  createUser: {
    body: { kind: 'agent', handle: exampleUser.handle, displayName: exampleUser.displayName },
    reply: { user: exampleUser, setup },
  },
  updateUser: { params: ofUser, body: { role: 'member' }, reply: exampleUser },
  deactivateUser: { params: ofUser, reply: { ...exampleUser, deactivatedAt: at } },
  reactivateUser: { params: ofUser, reply: exampleUser },
  createSetupCode: { params: ofUser, reply: setup },
};
