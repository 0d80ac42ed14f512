import { isHubError, type Token, type User } from '@parley/hub-protocol';
import { Authenticator, type Proof } from './authenticate.ts';
import type { AccessBase, Call } from './base.ts';
import type { Caller } from './caller.ts';
import { Changes } from './changes.ts';
import { Directory } from './directory.ts';
import { Guesses } from './guesses.ts';
import { LastUsed } from './last-used.ts';
import { redeem, type Redemption } from './redeem.ts';
import { sessionHours, Sessions } from './sessions.ts';
import { createSetupCode, type SetupCode } from './setup-codes.ts';
import { changePassword, checkSignIn, type Known } from './sign-in.ts';
import { Tokens } from './tokens.ts';
import { Users } from './users.ts';

/** Somebody who has just come in, with what a browser is given to prove it by. */
interface SignedIn {
  readonly caller: Caller;
  readonly secret: string;
}

/** People, agents, and what they prove themselves by. */
export interface Access {
  readonly users: Users;
  readonly tokens: Tokens;
  /** Undefined: nobody who may come in. Rejects where that cannot be known at the moment. */
  readonly authenticate: (proof: Proof, call?: Call) => Promise<Caller | undefined>;
  /** Who the caller is by now; undefined: nobody who may come in any more. */
  readonly recheck: (caller: Caller, call?: Call) => Promise<Caller | undefined>;
  readonly signIn: (
    given: { handle: string; password: string; address: string },
    call?: Call,
  ) => Promise<SignedIn>;
  readonly signOut: (caller: Caller) => Promise<void>;
  readonly changePassword: (
    caller: Caller,
    given: { current: string; next: string; address: string },
    call?: Call,
  ) => Promise<void>;
  readonly createSetupCode: (caller: Caller, userId: string, call?: Call) => Promise<SetupCode>;
  readonly redeem: (
    redemption: Redemption & { readonly address: string },
    call?: Call,
  ) => Promise<{
    user: User;
    credentials: { token: Token; secret: string } | null;
    /** Of a person, who is signed in by it. */
    session: string | undefined;
  }>;
  /** Whether somebody owns the workspace; who runs the hub is told how to, if a code is wanted and there is none. */
  readonly isOwned: () => Promise<boolean>;
  /** When a session ends that is used now and never again. */
  readonly sessionEnd: () => number;
  readonly close: () => Promise<void>;
}

export function createAccess(base: AccessBase): Access {
  const { tables, cache, clock, logger } = base;
  const users = new Users(base);
  const tokens = new Tokens(base);
  const changes = new Changes(base, new Directory(tables));
  const sessions = new Sessions(cache);
  const lastUsed = new LastUsed(base);
  const guesses = new Guesses(clock);
  const who = new Authenticator({ tables, sessions, tokenUsed: lastUsed.note });

  const begin = ({ userId, era }: Known): Promise<string> =>
    sessions.begin({ userId, era, createdAt: clock.now() });

  return {
    users,
    tokens,
    authenticate: (proof, call) => who.authenticate(proof, call),
    recheck: (caller, call) => who.recheck(caller, call),
    async signIn(given, call) {
      const secret = await begin(await checkSignIn(base, guesses, given));
      const caller = await who.bySecret(secret, call);
      return { caller, secret };
    },
    async signOut(caller) {
      if (caller.by.kind === 'session') await sessions.end(caller.by.id);
      await changes.touch(caller.userId);
      changes.tellRights(caller.userId);
    },
    async changePassword(caller, given, call) {
      const era = await changePassword(base, guesses, { caller, ...given }, call);
      const { userId } = caller;
      if (caller.by.kind === 'session')
        await sessions.renew(caller.by.id, { userId, era, createdAt: clock.now() });
      changes.tellRights(userId);
    },
    createSetupCode: (caller, userId, call) => createSetupCode(base, caller, userId, call),
    async redeem({ address, ...redemption }, call) {
      guesses.ofCode(address);
      const redeemed = await redeem(base, changes, redemption, call).catch(async (error: unknown) => {
        // It may have run out.
        if (isHubError(error, 'WRONG_CREDENTIALS')) await base.founding.isOwned();
        throw error;
      });
      const { user } = redeemed;
      await base.channels.settleIn(user.id, user.role, call).catch((error: unknown) => {
        // The code is spent and they are in: what is missing they can do themselves.
        logger.warn({ error, userId: user.id }, 'Somebody came in and found no channel');
      });
      if (redeemed.kind === 'agent') {
        const { token, secret } = redeemed;
        return { user, credentials: { token, secret }, session: undefined };
      }
      return { user, credentials: null, session: await begin({ userId: user.id, era: redeemed.era }) };
    },
    isOwned: () => base.founding.isOwned(),
    sessionEnd: () => clock.now() + sessionHours * 3_600_000,
    close: () => lastUsed.flush(),
  };
}
