import type { User } from '@parley/hub-protocol';
import { ArrowLeft } from 'lucide-react';
import { useSession } from '../../hub/context.ts';
import { sentenceOf } from '../../hub/problem.ts';
import { hashOf } from '../../shell/place.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Notice } from '../../ui/notice.tsx';
import { callAny } from '../../hub/call-any.ts';
import { Waiting } from '../parts/list-table.tsx';
import { Person } from '../parts/person.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { When } from '../parts/when.tsx';
import { TokenSection } from '../tokens/token-section.tsx';
import { ComingIn } from './coming-in.tsx';
import { Membership } from './membership.tsx';
import { ProfileForm } from './profile-form.tsx';
import { roleNames, useStandsAbove } from './roles.ts';
import { SessionSection } from './session-section.tsx';
import { TimeoutSection } from './timeout-section.tsx';
import { UserStatus } from './user-status.tsx';
import './people.css';

/** All that can be seen and done of one person or agent. */
export function UserPage({ userId }: { readonly userId: string }) {
  const {
    value: user,
    error,
    reload,
    set,
  } = useLoaded((signal) => callAny('readUser', { params: { userId }, signal }));
  if (error !== undefined)
    return (
      <Notice tone="bad" action={{ label: 'Try again', onClick: reload }}>
        This user could not be read. {sentenceOf(error)}
      </Notice>
    );
  return user === undefined ? <Waiting /> : <Known user={user} onChange={(next) => set(() => next)} />;
}

/** What the form shows: it begins anew when that is another one, and not when somebody is timed out beside it. */
const profileKey = ({ displayName, handle, role, ownerId, model, capabilities }: User): string =>
  JSON.stringify([displayName, handle, role, ownerId, model, capabilities]);

export interface UserSectionProps {
  readonly user: User;
  /** Told what they are now. */
  readonly onChange: (user: User) => void;
}

function Known({ user, onChange }: UserSectionProps) {
  const mine = user.id === useSession().userId;
  const above = useStandsAbove(user);
  const active = user.deactivatedAt === null;
  const agents = user.kind === 'agent';
  return (
    <>
      <a className="back-link" href={hashOf({ view: 'admin', page: agents ? 'agents' : 'users' })}>
        <ArrowLeft aria-hidden size={15} /> {agents ? 'All agents' : 'All people'}
      </a>
      <header className="user-head">
        <Avatar userId={user.id} size={56} />
        <div>
          <h2 dir="auto">{user.displayName}</h2>
          <p>
            @{user.handle} · {roleNames[user.role]} · joined <When at={user.createdAt} />
          </p>
          <p className="user-facts">
            <UserStatus user={user} />
            {user.ownerId !== null && (
              <span>
                answered for by <Person userId={user.ownerId} size={18} />
              </span>
            )}
          </p>
        </div>
      </header>
      {!above && !mine ? (
        <Notice>
          {user.displayName} is {roleNames[user.role].toLowerCase()}, and stands as high as you do. Only an
          owner can change anything here.
        </Notice>
      ) : (
        <>
          {above && active && <ProfileForm key={profileKey(user)} user={user} onChange={onChange} />}
          {active && <ComingIn user={user} />}
          {active && !agents && <SessionSection user={user} />}
          {active && <TokenSection user={user} />}
          {active && !mine && <TimeoutSection user={user} onChange={onChange} />}
          {!mine && <Membership user={user} onChange={onChange} />}
        </>
      )}
    </>
  );
}
