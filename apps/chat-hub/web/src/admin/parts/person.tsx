import type { User } from '@parley/hub-protocol';
import { hashOf } from '../../shell/place.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { useAnybody } from './use-anybody.ts';
import './parts.css';

/** The page of somebody. */
const placeOfUser = ({ id, kind }: Pick<User, 'id' | 'kind'>): string =>
  hashOf({ view: 'admin', page: `${kind === 'agent' ? 'agents' : 'users'}/${id}` });

export interface PersonProps {
  readonly userId: string | null;
  /** What is known of them here, where the hub has not told of them otherwise. */
  readonly user?: User | undefined;
  readonly size?: number;
  /** @default true */
  readonly link?: boolean;
}

/** Somebody in a row. */
export function Person({ userId, user: given, size = 24, link = true }: PersonProps) {
  const told = useAnybody(given === undefined ? userId : null);
  const user = given ?? told;
  if (userId === null) return <span className="person-none">The hub</span>;
  const name = user === undefined ? `Somebody (${userId.slice(-6)})` : user.displayName;
  return (
    <span className="person">
      <Avatar userId={userId} size={size} />
      <span>
        {link && user !== undefined ? (
          <a href={placeOfUser(user)} dir="auto">
            {name}
          </a>
        ) : (
          <bdi>{name}</bdi>
        )}
        {user !== undefined && <small>@{user.handle}</small>}
      </span>
    </span>
  );
}
