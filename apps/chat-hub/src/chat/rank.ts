import { HubError, outranks, type Role } from '@parley/hub-protocol';
import { standingIn, type ChannelFacts } from '../access/standing.ts';

/** As whom a member of a channel is acted on by others: by the role there or, if that is more, by what their role in the workspace makes them there. */
export function rankIn(workspaceRole: Role, { kind, archived, role }: ChannelFacts & { role: Role }): Role {
  const standing = standingIn(workspaceRole, { kind, archived, role });
  return standing === 'owner' ? 'owner' : standing === 'moderator' ? 'admin' : role;
}

/** Who moderates a channel acts as an admin of it; only an owner acts on admins and owners. */
export function requireRank(standing: string, role: Role, what: string): void {
  const own: Role = standing === 'owner' ? 'owner' : 'admin';
  if (!outranks(own, role))
    throw new HubError('FORBIDDEN', `you may not ${what} ${role} here`, { field: 'role' });
}
