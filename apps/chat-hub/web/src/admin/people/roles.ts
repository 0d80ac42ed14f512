import { outranks, roles, type Role, type User } from '@parley/hub-protocol';
import { useUser, useSession } from '../../hub/context.ts';
import type { Choice } from '../../ui/select-field.tsx';

export const roleNames: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  admin: 'Administrator',
  member: 'Member',
  observer: 'Observer',
};

const roleMeanings: Readonly<Record<Role, string>> = {
  owner: 'runs the workspace, and stands above everybody',
  admin: 'runs the workspace, except for owners and other administrators',
  member: 'takes part',
  observer: 'reads, and does nothing else',
};

/** The roles that somebody may hand out. */
export function rolesBelow(role: Role): Choice[] {
  return roles
    .filter((other) => outranks(role, other))
    .map((value) => ({ value, label: `${roleNames[value]}: ${roleMeanings[value]}` }));
}

export const isRole = (text: string | undefined): text is Role => roles.some((role) => role === text);

/** One's own role, as far as it is known. */
export function useOwnRole(): Role {
  return useUser(useSession().userId)?.role ?? 'observer';
}

/** Whether one may act on somebody. */
export function useStandsAbove(user: User): boolean {
  return outranks(useOwnRole(), user.role);
}
