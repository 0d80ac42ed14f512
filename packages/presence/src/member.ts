import { InvalidArgument } from '@parley/cache-core/kernel';
import { activityOf, parse, seenAs, type KeptStatus, type Status, type StatusText } from './status.ts';
import type { StoredMember } from './view.ts';

/** Whatever the application wants others to know of a user, as JSON. */
export type Details = Readonly<Record<string, unknown>>;

/** What a connection tells of its user. */
export interface Profile {
  readonly avatar?: string | undefined;
  readonly details?: Details | undefined;
}

/** Somebody who is there. */
export interface Member extends Profile, StatusText {
  readonly user: string;
  readonly status: Exclude<Status, 'offline'>;
  /** When the status that they chose ends, in milliseconds since 1970. */
  readonly until?: number | undefined;
}

/** A user, there or not. */
export interface UserPresence extends Profile, StatusText {
  readonly user: string;
  readonly status: Status;
  readonly until?: number | undefined;
  /** When they went, in milliseconds since 1970, if that was within the last day; undefined while they are there. */
  readonly lastSeen?: number | undefined;
}

export function encodeProfile({ avatar, details }: Profile, maxBytes: number): string {
  if (avatar === undefined && details === undefined) return '';
  const value = JSON.stringify({ avatar, details });
  if (new TextEncoder().encode(value).length > maxBytes)
    throw new InvalidArgument('avatar and details', `at most ${maxBytes} bytes of JSON`, value.length);
  return value;
}

export function decodeProfile(value: string): Profile {
  if (value === '') return {};
  const profile: unknown = parse(value);
  if (typeof profile !== 'object' || profile === null) return {};
  const avatar: unknown = Reflect.get(profile, 'avatar');
  const details: unknown = Reflect.get(profile, 'details');
  const told: { avatar?: string; details?: Details } = {};
  if (typeof avatar === 'string') told.avatar = avatar;
  if (isDetails(details)) told.details = details;
  return told;
}

/** What others see of the user; undefined of one who is not there, or does not want to be seen. */
export function memberOf(
  stored: Pick<StoredMember, 'rank' | 'value'> | undefined,
  user: string,
  status: KeptStatus,
): Member | undefined {
  if (stored === undefined) return undefined;
  const seen = seenAs(activityOf(stored.rank), status);
  if (seen === 'offline') return undefined;
  return { user, status: seen, ...decodeProfile(stored.value), ...textOf(status) };
}

export function textOf({ text, emoji, until }: KeptStatus): StatusText & { readonly until?: number } {
  const told: { text?: string; emoji?: string; until?: number } = {};
  if (text !== undefined) told.text = text;
  if (emoji !== undefined) told.emoji = emoji;
  if (until !== undefined) told.until = until;
  return told;
}

function isDetails(value: unknown): value is Details {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
