import { channelKinds, effectiveScopes, roles, type Role } from '@parley/hub-protocol';
import { expect, test } from 'vitest';
import { permissions, type ChannelAction, type Permission } from '../../../src/access/permissions.ts';
import { reaches, standingIn, type ChannelFacts } from '../../../src/access/standing.ts';
import { actsOn, rankOf, rightsIn, type Rights } from '../../../web/src/channel/rights.ts';
import { rankIn, requireRank } from '../../../src/chat/rank.ts';

const now = 1_000;
/** What is offered by which decision of the hub. */
const decidedBy = {
  topic: ['channel.topic'],
  update: ['channel.update'],
  archive: ['channel.archive'],
  freeze: ['channel.freeze', 'channel.freeze.talk'],
  slow: ['channel.slow'],
  webhooks: ['channel.webhooks'],
  remove: ['channel.delete'],
  invite: ['member.invite'],
  moderate: ['member.update', 'member.kick', 'member.mute'],
  removeFiles: ['message.delete.any'],
  pin: ['message.pin'],
  commands: ['command.declare'],
  leave: ['channel.leave'],
} as const satisfies Partial<Record<keyof Rights, readonly ChannelAction[]>>;

interface Case {
  readonly facts: ChannelFacts;
  readonly workspaceRole: Role;
  readonly rights: Rights;
  readonly scopes: readonly string[];
}

function* cases(): Generator<Case> {
  for (const kind of channelKinds)
    for (const archived of [true, false])
      for (const workspaceRole of roles)
        for (const role of [...roles, undefined])
          for (const silenced of [undefined, 'muted', 'timed-out'] as const) {
            if (silenced === 'muted' && role === undefined) continue;
            const scopes = effectiveScopes(workspaceRole);
            const channel = { kind, archivedAt: archived ? 1 : null };
            const muted = silenced === 'muted' ? { at: 1, until: now + 1 } : null;
            const member = role && { role, muted };
            const timeoutUntil = silenced === 'timed-out' ? now + 1 : now - 1;
            const user = { kind: 'person', role: workspaceRole, timeoutUntil } as const;
            const rights = rightsIn(channel, { user, member, scopes: new Set(scopes) }, now);
            yield { facts: { kind, archived, role, silenced }, workspaceRole, rights, scopes };
          }
}

function allows({ facts, workspaceRole }: Case, action: ChannelAction): boolean {
  const { least, kinds, archived, member }: Permission = permissions[action];
  if (kinds?.includes(facts.kind) === false) return false;
  if (facts.archived && archived !== true) return false;
  if (member === true && facts.role === undefined) return false;
  return reaches(standingIn(workspaceRole, facts), least);
}

test('nothing is offered that the hub refuses, and nothing is kept back that it allows', () => {
  let count = 0;
  const wrong: string[] = [];
  for (const each of cases()) {
    count += 1;
    const { facts, workspaceRole, rights, scopes } = each;
    const note = (what: string): void => void wrong.push(`${what} ${workspaceRole} ${JSON.stringify(facts)}`);
    if (rights.standing !== standingIn(workspaceRole, facts)) note('standing');
    for (const [offer, actions] of Object.entries(decidedBy)) {
      const scope = offer === 'commands' || offer === 'removeFiles' ? 'write' : 'manage';
      const isScoped = offer === 'leave' || scopes.includes(scope);
      const isAllowed = isScoped && actions.some((action) => allows(each, action));
      if (Reflect.get(rights, offer) !== isAllowed) note(offer);
    }
  }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(400);
});

test('who is acted on by whom is what the hub says', () => {
  for (const kind of ['public', 'private'] as const)
    for (const workspaceRole of roles)
      for (const role of roles)
        for (const standing of ['writer', 'moderator', 'owner'] as const) {
          const rank = rankIn(workspaceRole, { kind, archived: false, role });
          expect(rankOf({ kind }, workspaceRole, role)).toBe(rank);
          let refused = standing === 'writer';
          try {
            requireRank(standing, rank, 'mute');
          } catch {
            refused = true;
          }
          expect([standing, rank, actsOn(standing, rank)]).toEqual([standing, rank, !refused]);
        }
});
