import { roles, type Channel } from '@parley/hub-protocol';
import { Clock, Ellipsis, MessageSquare, Shield, UserMinus, UserRound, Volume2, VolumeX } from 'lucide-react';
import { useState } from 'react';
import { actsOn, isMuted, rankOf, type Rights } from '../channel/rights.ts';
import { callAny } from '../hub/call-any.ts';
import { useHub, useIsAdmin, useSession, useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { go } from '../shell/place.ts';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { useToasts } from '../ui/toasts.tsx';
import type { Asked } from './member-dialogs.tsx';
import type { MemberRow } from './member-rows.ts';
import { openProfile } from './open-profile.ts';
import { later } from '../ui/later.tsx';

const MemberDialogs = later(() => import('./member-dialogs.tsx').then((part) => part.MemberDialogs));

export interface MemberMenuProps {
  readonly row: MemberRow;
  readonly channel: Channel;
  readonly rights: Rights | undefined;
}

/** What one may do with a member, by what one is there. */
export function MemberMenu({ row: { member, user }, channel, rights }: MemberMenuProps) {
  const hub = useHub();
  const toasts = useToasts();
  const { userId: myId } = useSession();
  const me = useUser(myId);
  const isAdmin = useIsAdmin();
  const [asked, setAsked] = useState<Asked>();
  const { userId } = member;
  const isMe = userId === myId;
  const params = { channelId: channel.id, userId };
  const rank = rankOf(channel, user?.role ?? 'member', member.role);
  const acts = rights?.moderate === true && !isMe && actsOn(rights.standing, rank);
  const timedOut = (user?.timeoutUntil ?? 0) > Date.now();
  const timesOut =
    isAdmin && !isMe && user !== undefined && (me?.role === 'owner' || below(user.role, me?.role));
  const attempt = (work: Promise<unknown>, text: string): void =>
    void work.then(() => toasts.say(text), toasts.fail);
  const name = nameOf(user);
  const items: MenuItem[] = [
    { label: 'Profile', icon: UserRound, onSelect: () => openProfile(userId) },
    ...when(!isMe && user?.deactivatedAt === null, {
      label: 'Send a message',
      icon: MessageSquare,
      onSelect: () =>
        void hub
          .call('openDirect', { body: { userIds: [userId] } })
          .then(({ id }) => go({ view: 'channel', channelId: id }), toasts.fail),
    }),
    ...when(acts, { label: 'Change the role…', icon: Shield, onSelect: () => setAsked('role') }),
    ...when(
      acts,
      isMuted(member, Date.now())
        ? {
            label: 'Let speak again',
            icon: Volume2,
            onSelect: () => attempt(callAny('unmuteMember', { params }), `${name} may speak again.`),
          }
        : { label: 'Mute…', icon: VolumeX, onSelect: () => setAsked('mute') },
    ),
    ...when(
      timesOut,
      timedOut
        ? {
            label: 'End the time-out',
            icon: Clock,
            onSelect: () =>
              attempt(callAny('endTimeout', { params: { userId } }), `The time-out of ${name} is over.`),
          }
        : { label: 'Time-out everywhere…', icon: Clock, onSelect: () => setAsked('timeout') },
    ),
    ...when(acts, {
      label: 'Remove from the channel…',
      icon: UserMinus,
      tone: 'danger',
      onSelect: () => setAsked('remove'),
    }),
  ];
  return (
    <>
      <Menu label={`What to do with ${name}`} icon={Ellipsis} items={items} />
      {asked !== undefined && rights && (
        <MemberDialogs
          asked={asked}
          member={member}
          name={name}
          channel={channel}
          standing={rights.standing}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

const when = (shown: boolean, item: MenuItem): MenuItem[] => (shown ? [item] : []);

type Named = (typeof roles)[number];
const below = (role: Named, than: Named | undefined): boolean =>
  than !== undefined && roles.indexOf(role) > roles.indexOf(than);
