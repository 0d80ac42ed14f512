import type { Role, Scope } from '@parley/hub-protocol';
import type { Secret } from '@parley/runtime';

export interface BySession {
  readonly kind: 'session';
  /** What it is called by. It opens nothing. */
  readonly id: string;
  /** What the cookie carries. */
  readonly secret: Secret;
}

/** Who asks for something, and with what rights: the only form in which the rest of the hub knows of sessions and tokens. */
export interface Caller {
  readonly userId: string;
  readonly handle: string;
  readonly kind: 'person' | 'agent';
  /** In the workspace. */
  readonly role: Role;
  /** What the role allows and, with a token, what the token was made for as well. */
  readonly scopes: readonly Scope[];
  readonly by: BySession | { readonly kind: 'token'; readonly id: string };
  /** Of the user's row: when it moves on, the rights are looked at anew. */
  readonly rev: number;
  /** When the session or token ends by itself, by the clock of the database. Undefined: it does not. */
  readonly expiresAt?: number | undefined;
}
