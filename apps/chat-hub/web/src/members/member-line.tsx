import type { Channel } from '@parley/hub-protocol';
import { memo } from 'react';
import { isMuted, type Rights } from '../channel/rights.ts';
import { nameOf } from '../hub/names.ts';
import { Avatar } from '../ui/avatar.tsx';
import type { MemberRow } from './member-rows.ts';
import { MemberMenu } from './member-menu.tsx';
import { openProfile } from './open-profile.ts';
import { PresenceMark, statusWord } from './presence-mark.tsx';

export interface MemberLineProps {
  readonly row: MemberRow;
  readonly channel: Channel;
  readonly rights: Rights | undefined;
}

/** A member: who, in what state, and what can be done with them. */
export const MemberLine = memo(function MemberLine({ row, channel, rights }: MemberLineProps) {
  const { member, user, presence, agent, typing } = row;
  const status = presence?.status ?? 'offline';
  const said = [presence?.emoji, presence?.customStatus].filter(Boolean).join(' ');
  return (
    <div className="member-line" data-away={status === 'offline' || undefined}>
      <button type="button" className="member-name" onClick={() => openProfile(member.userId)}>
        <span className="member-face">
          <Avatar userId={member.userId} size={32} />
          <PresenceMark status={status} />
        </span>
        <span className="member-text">
          <span className="member-who">
            <bdi>{nameOf(user)}</bdi>
            {user?.kind === 'agent' && (
              <span className="badge" data-tone="agent">
                Agent
              </span>
            )}
            {member.role !== 'member' && <span className="badge">{member.role}</span>}
            {isMuted(member, Date.now()) && (
              <span className="badge" data-tone="warn">
                muted
              </span>
            )}
          </span>
          <span className="member-state">
            {typing ? <em>is typing…</em> : <StateText status={status} said={said} handle={user?.handle} />}
          </span>
        </span>
        {agent?.online && agent.load !== null && <Load load={agent.load} />}
      </button>
      <MemberMenu row={row} channel={channel} rights={rights} />
    </div>
  );
});

interface StateTextProps {
  readonly status: Parameters<typeof statusWord>[0];
  readonly said: string;
  readonly handle: string | undefined;
}

function StateText({ status, said, handle }: StateTextProps) {
  return (
    <>
      <span className={status === 'away' || status === 'dnd' ? undefined : 'quiet'}>
        {statusWord(status)} ·{' '}
      </span>
      {said === '' ? handle !== undefined && `@${handle}` : <span dir="auto">{said}</span>}
    </>
  );
}

/** How busy an agent says it is. */
function Load({ load }: { readonly load: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, load)) * 100);
  return (
    <span className="load" title={`Busy: ${percent} %`} data-high={percent >= 80 || undefined}>
      <span className="quiet">, busy: </span>
      {percent} %
    </span>
  );
}
