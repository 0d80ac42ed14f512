import type { AgentsState, RosterState } from '@parley/hub-client';
import type { Agent, Member, Presence, User } from '@parley/hub-protocol';

/** Somebody in the list of members, with all that it shows of them. */
export interface MemberRow {
  readonly member: Member;
  readonly user: User | undefined;
  readonly presence: Presence | undefined;
  readonly agent: Agent | undefined;
  readonly typing: boolean;
}

export interface MemberGroup {
  readonly title: string;
  readonly rows: readonly MemberRow[];
}

export interface MemberFacts {
  readonly members: ReadonlyMap<string, Member>;
  readonly users: ReadonlyMap<string, User>;
  readonly roster: RosterState | undefined;
  readonly agents: AgentsState | undefined;
}

/** Those in a channel whose name has what was typed: here in front of others, people in front of agents, by name. */
export function groupMembers(facts: MemberFacts, typed: string): MemberGroup[] {
  const sought = typed.trim().toLocaleLowerCase().replace(/^@/u, '');
  const typing = new Set(facts.roster?.typing.map(({ userId }) => userId));
  const groups = { people: [], agents: [], otherPeople: [], otherAgents: [] } satisfies Record<
    string,
    MemberRow[]
  >;
  const found: Record<keyof typeof groups, MemberRow[]> = groups;
  for (const member of facts.members.values()) {
    const { userId } = member;
    const user = facts.users.get(userId);
    if (!fits(user, sought)) continue;
    const presence = facts.roster?.members.get(userId);
    const row = {
      member,
      user,
      presence,
      agent: facts.agents?.members.get(userId),
      typing: typing.has(userId),
    };
    const isAgent = user?.kind === 'agent';
    const isHere = presence !== undefined && presence.status !== 'offline';
    found[isHere ? (isAgent ? 'agents' : 'people') : isAgent ? 'otherAgents' : 'otherPeople'].push(row);
  }
  return [
    { title: 'People here now', rows: found.people },
    { title: 'Agents at work', rows: found.agents },
    { title: 'Other people', rows: found.otherPeople },
    { title: 'Agents that are not here', rows: found.otherAgents },
  ].flatMap(({ title, rows }) => (rows.length === 0 ? [] : [{ title, rows: rows.toSorted(byName) }]));
}

function fits(user: User | undefined, sought: string): boolean {
  if (sought === '') return true;
  if (user === undefined) return false;
  return user.handle.includes(sought) || user.displayName.toLocaleLowerCase().includes(sought);
}

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

function byName(one: MemberRow, other: MemberRow): number {
  return collator.compare(one.user?.displayName ?? '', other.user?.displayName ?? '');
}
