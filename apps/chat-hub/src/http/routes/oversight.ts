import type { ApplicationTables } from '@parley/runtime';
import type { Access } from '../../access/access.ts';
import { webhookOverview } from '../../webhooks/overview.ts';
import type { Handlers } from '../handler.ts';
import { idIn, readPage } from '../paging.ts';

type Names =
  | 'deleteSetupCode'
  | 'listAllWebhooks'
  | 'listSetupCodes'
  | 'listUserSessions'
  | 'revokeUserSession'
  | 'revokeUserSessions'
  | 'revokeUserTokens';

export interface OversightParts {
  readonly access: Pick<Access, 'oversight' | 'tokens'>;
  readonly tables: ApplicationTables;
}

export function oversightHandlers({ access, tables }: OversightParts): Pick<Handlers, Names> {
  const { oversight, tokens } = access;
  return {
    listSetupCodes: async () => ({ items: await oversight.codes() }),
    deleteSetupCode: ({ caller, params, signal }) => oversight.endCode(caller, params.userId, { signal }),
    listUserSessions: async ({ caller, params, signal }) => ({
      items: await oversight.sessions(caller, params.userId, { signal }),
    }),
    revokeUserSession: ({ caller, params: { userId, sessionId }, signal }) =>
      oversight.endSession(caller, userId, sessionId, { signal }),
    revokeUserSessions: ({ caller, params, signal }) =>
      oversight.endSessions(caller, params.userId, { signal }),
    revokeUserTokens: async ({ caller, params, signal }) => ({
      revoked: await tokens.revokeAll(caller, params.userId, { signal }),
    }),
    listAllWebhooks: ({ query, signal }) =>
      readPage(
        query,
        (after, limit) => webhookOverview(tables, { before: after && idIn(after), limit }, { signal }),
        ({ id }) => id,
      ),
  };
}
