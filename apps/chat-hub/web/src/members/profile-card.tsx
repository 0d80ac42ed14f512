import type { Member, User } from '@parley/hub-protocol';
import { AtSign, MessageSquare, SlidersHorizontal } from 'lucide-react';
import { dayText } from '../channel/times.ts';
import { isMuted } from '../channel/rights.ts';
import { useHub, useIsAdmin, useSession } from '../hub/context.ts';
import { momentOf } from '../preferences/times.ts';
import { go } from '../shell/place.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useWork } from '../ui/use-work.ts';
import { AgentFacts } from './agent-facts.tsx';
import { Fact } from './fact.tsx';
import { mention } from './mention.ts';
import { PresenceMark, statusWord } from './presence-mark.tsx';
import { useMembers } from './use-members.ts';
import { usePresence } from './use-presence.ts';

export interface ProfileCardProps {
  readonly user: User;
  readonly channelId: string | undefined;
}

export function ProfileCard({ user, channelId }: ProfileCardProps) {
  const { userId } = useSession();
  const isAdmin = useIsAdmin();
  const member = useMembers(channelId ?? '').members?.get(user.id);
  const presence = usePresence(user.id, channelId);
  const status = presence?.status ?? 'offline';
  const said = [presence?.emoji, presence?.customStatus].filter(Boolean).join(' ');
  const isGone = user.deactivatedAt !== null;
  const { run, busy } = useMessage(user.id);
  return (
    <div className="panel-body profile">
      <div className="profile-head">
        <Avatar userId={user.id} size={88} />
        <div>
          <h3 dir="auto">{user.displayName}</h3>
          <p className="profile-handle">
            @{user.handle}
            {user.kind === 'agent' && (
              <span className="badge" data-tone="agent">
                Agent
              </span>
            )}
            {user.role !== 'member' && <span className="badge">{user.role}</span>}
          </p>
          <p className="profile-status">
            {isGone ? (
              'Deactivated'
            ) : (
              <>
                <PresenceMark status={status} /> {statusWord(status)}
                {status === 'offline' &&
                  presence?.lastSeen != null &&
                  `, last here ${momentOf(presence.lastSeen)}`}
              </>
            )}
          </p>
        </div>
      </div>
      {said !== '' && (
        <p className="profile-said" dir="auto">
          {said}
        </p>
      )}
      <div className="profile-acts">
        {!isGone && user.id !== userId && (
          <Button tone="main" disabled={busy} onClick={() => void run()}>
            <MessageSquare aria-hidden size={16} /> Message
          </Button>
        )}
        {!isGone && channelId !== undefined && (
          <Button onClick={() => mention(user.handle)}>
            <AtSign aria-hidden size={16} /> Mention
          </Button>
        )}
        {isAdmin && (
          <a className="button" href={user.kind === 'agent' ? '#/admin/agents' : '#/admin/users'}>
            <SlidersHorizontal aria-hidden size={16} /> Manage
          </a>
        )}
      </div>
      {user.bio !== '' && (
        <p className="profile-bio" dir="auto">
          {user.bio}
        </p>
      )}
      <dl className="facts">
        {user.kind === 'agent' && <AgentFacts user={user} />}
        {member && <MemberFacts member={member} />}
        <Fact name="In the workspace since">{dayText(user.createdAt)}</Fact>
        {(user.timeoutUntil ?? 0) > Date.now() && (
          <Fact name="Time-out until">{momentOf(user.timeoutUntil ?? 0)}</Fact>
        )}
      </dl>
    </div>
  );
}

function MemberFacts({ member }: { readonly member: Member }) {
  const until = member.muted?.until;
  return (
    <>
      <Fact name="Joined this channel">{dayText(member.joinedAt)}</Fact>
      {member.role !== 'member' && <Fact name="Role in this channel">{member.role}</Fact>}
      {isMuted(member, Date.now()) && (
        <Fact name="Muted here">{until == null ? 'until somebody ends it' : `until ${momentOf(until)}`}</Fact>
      )}
    </>
  );
}

function useMessage(userId: string) {
  const hub = useHub();
  const toasts = useToasts();
  return useWork(() =>
    hub
      .call('openDirect', { body: { userIds: [userId] } })
      .then(({ id }) => go({ view: 'channel', channelId: id }), toasts.fail),
  );
}
