import { roles, type Mentions, type MessageKind } from '@parley/hub-protocol';
import { mentionsIn } from './mentions.ts';
import type { Roster } from './roster.ts';

/** Whom a message names. Thoughts and actions call nobody, however often they are changed. */
export function mentionsOf(kind: MessageKind, content: string, { userOf }: Pick<Roster, 'userOf'>): Mentions {
  return kind === 'message' ? mentionsIn(content, { userOf, roles }) : { users: [], roles: [], here: false };
}

/** Whom it reaches in the end. */
export function mentionedBy(
  { users, roles: named, here }: Mentions,
  roster: Roster,
  senderId: string,
): string[] {
  const all = here ? roster.all() : [...users, ...roster.withRoles(named)];
  return [...new Set(all)].filter((id) => id !== senderId);
}
