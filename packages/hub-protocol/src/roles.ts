/** Roles of the workspace and of a channel, from the most to the least. */
export const roles = ['owner', 'admin', 'member', 'observer'] as const;
export type Role = (typeof roles)[number];

/** What a token may be used for. */
export const scopes = ['read', 'write', 'react', 'manage', 'admin'] as const;
export type Scope = (typeof scopes)[number];

export const scopeMeanings: Readonly<Record<Scope, string>> = {
  read: 'read what its user may see: channels, messages, users, own read markers',
  write: 'send, edit, delete and stream messages, follow threads, open direct conversations, post events',
  react: 'add and remove reactions',
  manage: 'create, change, archive and delete channels, invite and remove members, pin messages, make tokens',
  admin: 'create, change and deactivate users, make set-up codes, announce to everybody',
};

/** What the role of a user in the workspace allows. An observer reads and does nothing else. */
export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  owner: scopes,
  admin: scopes,
  member: ['read', 'write', 'react', 'manage'],
  observer: ['read'],
};

/** What a caller may do: what the role allows and, for a token, what the token was made for as well. */
export function effectiveScopes(role: Role, token?: readonly Scope[]): Scope[] {
  return scopesOfRole[role].filter((scope) => token === undefined || token.includes(scope));
}

/** Whether somebody with one role may act on somebody with the other, or hand that other role out. */
export function outranks(role: Role, other: Role): boolean {
  if (role === 'owner') return true;
  return roles.indexOf(role) < roles.indexOf(other);
}
