import type { Scope, User } from '@parley/hub-protocol';
import type { Access } from '../../access/access.ts';
import type { Caller } from '../../access/caller.ts';
import type { Handlers } from '../handler.ts';
import { idIn, readPage } from '../paging.ts';

type Names =
  | 'redeemSetupCode'
  | 'createSession'
  | 'readSession'
  | 'deleteSession'
  | 'listSessions'
  | 'revokeSession'
  | 'revokeOtherSessions'
  | 'readMe'
  | 'updateMe'
  | 'changePassword'
  | 'listTokens'
  | 'createToken'
  | 'revokeToken';

export function accountHandlers({ access }: { readonly access: Access }): Pick<Handlers, Names> {
  const { users, tokens } = access;
  return {
    async redeemSetupCode({ body, address, userAgent, setSession, signal }) {
      const { user, credentials, session } = await access.redeem({ ...body, address, userAgent }, { signal });
      if (session !== undefined) setSession(session);
      return { user, credentials };
    },
    async createSession({ body, address, userAgent, setSession, signal }) {
      const { caller, secret } = await access.signIn({ ...body, address, userAgent }, { signal });
      setSession(secret);
      return me(caller, await users.read(caller.userId, { signal }), access.sessionEnd());
    },
    readSession: async ({ caller, signal }) =>
      me(caller, await users.read(caller.userId, { signal }), access.sessionEnd()),
    async deleteSession({ caller, setSession }) {
      setSession(undefined);
      await access.signOut(caller);
    },
    listSessions: async ({ caller, signal }) => ({ items: await access.listSessions(caller, { signal }) }),
    revokeSession: ({ caller, params, signal }) =>
      access.revokeSessions(caller, { id: params.sessionId }, { signal }),
    revokeOtherSessions: ({ caller, signal }) => access.revokeSessions(caller, 'others', { signal }),
    readMe: ({ caller, signal }) => users.read(caller.userId, { signal }),
    updateMe: ({ caller, body, signal }) => users.updateMe(caller, body, { signal }),
    changePassword: ({ caller, body, address, signal }) =>
      access.changePassword(caller, { ...body, address }, { signal }),
    listTokens: ({ caller, query: { userId, ...page } }) =>
      readPage(
        page,
        (after, limit) => tokens.list(caller, { userId, before: after && idIn(after), limit }),
        ({ id }) => id,
      ),
    createToken: ({ caller, body }) => tokens.create(caller, body),
    revokeToken: ({ caller, params, signal }) => tokens.revoke(caller, params.tokenId, { signal }),
  };
}

function me(
  { by, scopes, expiresAt }: Caller,
  user: User,
  sessionEnd: number,
): { user: User; scopes: Scope[]; auth: string; expiresAt: number | null } {
  return {
    user,
    scopes: [...scopes],
    auth: by.kind,
    expiresAt: by.kind === 'session' ? sessionEnd : (expiresAt ?? null),
  };
}
