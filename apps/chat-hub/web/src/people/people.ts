import type { HubState } from '@parley/hub-client';
import type { User } from '@parley/hub-protocol';
import { fuzzy } from '../switcher/fuzzy.ts';

/** Those who are there and fit what was typed, the best first; without anything typed by name. Oneself is left out. */
export function findPeople(
  users: HubState['users'],
  me: string | undefined,
  typed: string,
  most = 50,
): readonly User[] {
  const query = typed.trim().replace(/^@/u, '');
  const scored: { readonly user: User; readonly score: number }[] = [];
  for (const user of users.values()) {
    if (user.id === me || user.deactivatedAt !== null) continue;
    const score = Math.max(fuzzy(query, user.displayName) ?? -1, fuzzy(query, user.handle) ?? -1);
    if (score >= 0) scored.push({ user, score });
  }
  scored.sort((a, b) => b.score - a.score || a.user.displayName.localeCompare(b.user.displayName));
  return scored.slice(0, most).map(({ user }) => user);
}
