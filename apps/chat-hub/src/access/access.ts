import type { Visitor } from '@parley/cache-core/session';
import {
  HubError,
  isHubError,
  scopesOfRole,
  type Session,
  type Token,
  type User,
} from '@parley/hub-protocol';
import type { Secret } from '@parley/runtime';
import { noteAudit, type AuditNote } from '../audit/note.ts';
import type { Tables } from '../database/tables.ts';
import { Authenticator, type Proof } from './authenticate.ts';
import type { AccessBase, Call } from './base.ts';
import type { BySession, Caller } from './caller.ts';
import { Changes } from './changes.ts';
import { Directory } from './directory.ts';
import { LastUsed } from './last-used.ts';
import { Oversight } from './oversight.ts';
import { redeem, type Redemption } from './redeem.ts';
import { sessionHours } from './sessions.ts';
import { createSetupCode, type SetupCode } from './setup-codes.ts';
import { changePassword, checkSignIn, type Known } from './sign-in.ts';
import { Timeouts } from './timeouts.ts';
import { Tokens } from './tokens.ts';
import { Users } from './users.ts';

/** Somebody who has just come in, with what a browser is given to prove it by. */
interface SignedIn {
  readonly caller: Caller;
  readonly secret: Secret;
}

/** Whom a request comes from, so far as it says. */
interface From extends Visitor {
  readonly address: string;
}

/** People, agents, and what they prove themselves by. */
export interface Access {
  readonly users: Users;
  readonly tokens: Tokens;
  readonly timeouts: Timeouts;
  readonly oversight: Oversight;
  /** Undefined: nobody who may come in. Rejects where that cannot be known at the moment. */
  readonly authenticate: (proof: Proof, call?: Call) => Promise<Caller | undefined>;
  /** Who the caller is by now; undefined: nobody who may come in any more. */
  readonly recheck: (caller: Caller, call?: Call) => Promise<Caller | undefined>;
  readonly signIn: (given: { handle: string; password: string } & From, call?: Call) => Promise<SignedIn>;
  readonly signOut: (caller: Caller) => Promise<void>;
  /** Where the caller is signed in. */
  readonly listSessions: (caller: Caller, call?: Call) => Promise<Session[]>;
  /** Ends one session of the caller, or all but the one that they ask by. */
  readonly revokeSessions: (caller: Caller, which: { id: string } | 'others', call?: Call) => Promise<void>;
  readonly changePassword: (
    caller: Caller,
    given: { current: string; next: string; address: string },
    call?: Call,
  ) => Promise<void>;
  readonly createSetupCode: (caller: Caller, userId: string, call?: Call) => Promise<SetupCode>;
  readonly redeem: (
    redemption: Redemption & From,
    call?: Call,
  ) => Promise<{
    user: User;
    credentials: { token: Token; secret: string } | null;
    /** Of a person, who is signed in by it. */
    session: Secret | undefined;
  }>;
  /** Whether somebody owns the workspace; who runs the hub is told how to, if a code is wanted and there is none. */
  readonly isOwned: () => Promise<boolean>;
  /** When a session ends that is used now and never again. */
  readonly sessionEnd: () => number;
  readonly close: () => Promise<void>;
}

export function createAccess(base: AccessBase): Access {
  const { tables, sessions, limits, clock, logger } = base;
  const users = new Users(base);
  const tokens = new Tokens(base);
  const changes = new Changes(base, new Directory(tables));
  const timeouts = new Timeouts(base, changes);
  const oversight = new Oversight(base, changes);
  const lastUsed = new LastUsed(base);
  const who = new Authenticator({ tables, sessions, tokenUsed: lastUsed.note });

  const begin = ({ userId, era }: Known, { address, userAgent }: From, call?: Call): Promise<Secret> =>
    sessions.begin({ userId, era }, { address, userAgent }, call);

  const note = (what: AuditNote): Promise<void> => noteAudit(tables.kysely<Tables>(), what);

  const rightsChanged = async (userId: string): Promise<void> => {
    await changes.touch(userId);
    changes.tellRights(userId);
  };

  return {
    users,
    tokens,
    timeouts,
    oversight,
    authenticate: (proof, call) => who.authenticate(proof, call),
    recheck: (caller, call) => who.recheck(caller, call),
    async signIn(given, call) {
      const secret = await begin(await checkSignIn(base, given), given, call);
      const caller = await who.bySecret(secret, call);
      await note({
        action: 'session.begin',
        actor: caller,
        subjectId: caller.userId,
        address: given.address,
      });
      return { caller, secret };
    },
    async signOut(caller) {
      if (caller.by.kind === 'session') await sessions.end(caller.by);
      await note({ action: 'session.end', actor: caller, subjectId: caller.userId });
      await rightsChanged(caller.userId);
    },
    async listSessions(caller, call) {
      requireOwnHand(caller);
      return sessions.list(caller.userId, sessionOf(caller), call);
    },
    async revokeSessions(caller, which, call) {
      requireOwnHand(caller);
      const { userId } = caller;
      if (which === 'others') await sessions.revokeAll(userId, sessionOf(caller), call);
      else await sessions.revoke(userId, which.id, call);
      const details = { which: which === 'others' ? which : which.id };
      await note({ action: 'session.revoke', actor: caller, subjectId: userId, details });
      await rightsChanged(userId);
    },
    async changePassword(caller, given, call) {
      const era = await changePassword(base, { caller, ...given }, call);
      const { userId } = caller;
      const own = sessionOf(caller);
      if (own !== undefined) await sessions.renew(own, era);
      await sessions.revokeAll(userId, own, call);
      changes.tellRights(userId);
    },
    createSetupCode: (caller, userId, call) => createSetupCode(base, caller, userId, call),
    async redeem({ address, userAgent, ...redemption }, call) {
      await limits.setupCode(address);
      const redeemed = await redeem(base, changes, { ...redemption, address }, call).catch(
        async (error: unknown) => {
          if (isHubError(error, 'WRONG_CREDENTIALS')) {
            await note({ action: 'setup.refuse', actor: null, address });
            // It may have run out.
            await base.founding.isOwned();
          }
          throw error;
        },
      );
      const { user } = redeemed;
      await base.channels.settleIn(user.id, user.role, call).catch((error: unknown) => {
        // The code is spent and they are in: what is missing they can do themselves.
        logger.warn({ error, userId: user.id }, 'Somebody came in and found no channel');
      });
      if (redeemed.kind === 'agent') {
        const { token, secret } = redeemed;
        return { user, credentials: { token, secret }, session: undefined };
      }
      const session = await begin({ userId: user.id, era: redeemed.era }, { address, userAgent }, call);
      return { user, credentials: null, session };
    },
    isOwned: () => base.founding.isOwned(),
    sessionEnd: () => clock.now() + sessionHours * 3_600_000,
    async close() {
      await Promise.all([lastUsed.flush(), sessions.close()]);
    },
  };
}

function sessionOf({ by }: Caller): BySession | undefined {
  return by.kind === 'session' ? by : undefined;
}

/** A token that was made for little does not see where its user is, and puts them out nowhere. */
function requireOwnHand({ by, role, scopes }: Caller): void {
  if (by.kind === 'session' || scopes.includes('manage') || !scopesOfRole[role].includes('manage')) return;
  throw new HubError('SCOPE_MISSING', 'sessions are for tokens with the scope manage');
}
