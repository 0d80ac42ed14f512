import { HubError, outranks, roles, type Role } from '@parley/hub-protocol';
import type { UserTable } from '../database/tables.ts';
import type { Caller } from './caller.ts';

/** Who somebody is, as far as others may act on them. */
export interface Subject {
  readonly id: string;
  readonly role: Role;
  readonly ownerId: string | null;
}

export function subjectOf(row: Pick<UserTable, 'id' | 'role' | 'owner_id'>): Subject {
  return { id: row.id, role: row.role, ownerId: row.owner_id };
}

export function requireOutranks(caller: Caller, role: Role, what: string): void {
  if (!outranks(caller.role, role)) throw new HubError('FORBIDDEN', `${what} is for who stands above it`);
}

/**
 * Whose tokens somebody may make, see and revoke: their own, those of their agents, and as administrator those of whoever stands below. An agent
 * that was given a higher role than its owner has is out of the owner's reach: its token would be a way up.
 */
export function managesTokensOf(caller: Caller, subject: Subject): boolean {
  if (subject.id === caller.userId) return true;
  if (subject.ownerId === caller.userId && roles.indexOf(caller.role) <= roles.indexOf(subject.role))
    return true;
  return caller.scopes.includes('admin') && outranks(caller.role, subject.role);
}
