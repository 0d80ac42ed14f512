import type { Channel, Member, User } from '@parley/hub-protocol';
import { momentOf } from '../preferences/times.ts';
import { isMuted, isTalk, reaches, standingIn, type Standing as Level } from '../channel/rights.ts';

/** What somebody may do in a channel, as far as a page can tell. The hub decides again by itself. */
export interface Standing {
  readonly isMember: boolean;
  /** Write, react, edit and pin. */
  readonly canWrite: boolean;
  /** Delete what others said. */
  readonly canModerate: boolean;
  /** Why they cannot write, as a sentence. */
  readonly hindrance: string | undefined;
  /** When that may be over by itself. */
  readonly until: number | undefined;
}

export interface StandingFacts {
  readonly channel: Pick<Channel, 'kind' | 'archivedAt' | 'frozenAt'> | undefined;
  /** Undefined: not known yet. */
  readonly member: Pick<Member, 'role' | 'muted'> | undefined;
  readonly me: Pick<User, 'kind' | 'role' | 'timeoutUntil'> | undefined;
  readonly now: number;
}

export function standingOf({ channel, member, me, now }: StandingFacts): Standing {
  if (channel === undefined)
    return {
      isMember: false,
      canWrite: false,
      canModerate: false,
      hindrance: 'You are not in this channel.',
      until: undefined,
    };
  const found = hindranceOf({ channel, member, me, now });
  return {
    isMember: true,
    canWrite: found === undefined,
    canModerate:
      found === undefined && !isTalk(channel) && reaches(levelIn(channel, member, me), 'moderator'),
    hindrance: found?.text,
    until: found?.until,
  };
}

interface Hindrance {
  readonly text: string;
  readonly until?: number | undefined;
}

function hindranceOf({ channel, member, me, now }: StandingFacts): Hindrance | undefined {
  if (channel === undefined) return undefined;
  if ((channel.archivedAt ?? null) !== null)
    return { text: 'This channel is archived. It can be read, and nothing more is written here.' };
  const timeout = me?.timeoutUntil ?? null;
  if (timeout !== null && timeout > now)
    return { text: `You are in a time-out until ${moment(timeout, now)}.`, until: timeout };
  if (me?.kind === 'agent' && (channel.frozenAt ?? null) !== null)
    return { text: 'This channel is frozen: only people write here for now.' };
  if (isMuted(member, now)) {
    const until = member?.muted?.until ?? null;
    if (until === null) return { text: 'You are muted in this channel.' };
    return { text: `You are muted in this channel until ${moment(until, now)}.`, until };
  }
  if (me?.role === 'observer') return { text: 'You are an observer of this workspace: you read along.' };
  if (!reaches(levelIn(channel, member, me), 'writer'))
    return { text: 'You are an observer of this channel: you read along.' };
  return undefined;
}

/** As what one counts in a channel that one is in. Until the hub has told of that, as somebody who writes: it decides again by itself. */
function levelIn(
  channel: Pick<Channel, 'kind'>,
  member: StandingFacts['member'],
  me: StandingFacts['me'],
): Level {
  return standingIn(channel, me?.role ?? 'member', member?.role ?? 'member');
}

/** The time alone where it is today. */
const moment = (at: number, now: number): string =>
  momentOf(at, new Date(at).toDateString() === new Date(now).toDateString() ? 'time' : 'moment');
