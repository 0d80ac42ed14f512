import { InvalidArgument, parseDuration } from '@parley/cache-core/kernel';
import type { Duration } from '@parley/cache-core/kernel';

/** What a connection says of itself. */
export type Activity = 'online' | 'away';

/** How a user is seen. */
export type Status = 'online' | 'away' | 'dnd' | 'offline';

/** How a user wants to be seen, whatever their connections say. */
export type Availability = 'online' | 'away' | 'dnd' | 'invisible';

export interface StatusText {
  readonly text?: string | undefined;
  readonly emoji?: string | undefined;
}

export interface ManualStatus extends StatusText {
  /** `invisible`: for others as if they were not there. @default as the connections say */
  readonly availability?: Availability | undefined;
  /** When it ends by itself. @default '30d' */
  readonly expires?: Duration | undefined;
}

/** A manual status as it is kept. */
export interface KeptStatus extends StatusText {
  readonly availability?: Availability | undefined;
  /** When it ends, in milliseconds since 1970, by the clock of who set it: to be shown. It ends by the store's clock. */
  readonly until?: number | undefined;
}

export const rankOf: Readonly<Record<Activity, number>> = { away: 1, online: 2 };
export const activityOf = (rank: number): Activity => (rank >= rankOf.online ? 'online' : 'away');

const availabilities: ReadonlySet<unknown> = new Set(['online', 'away', 'dnd', 'invisible', undefined]);
const forEver = '30d';

/** As the store keeps it, and for how long. */
export function encodeStatus(
  { availability, text, emoji, expires }: ManualStatus,
  now: number,
): { readonly value: string; readonly forMs: number } {
  if (!availabilities.has(availability))
    throw new InvalidArgument('availability', 'online, away, dnd or invisible', availability);
  requireText('text', text, 280);
  requireText('emoji', emoji, 64);
  const forMs = parseDuration(expires ?? forEver, { field: 'expires', min: 1 });
  const kept: KeptStatus = {
    availability,
    text,
    emoji,
    ...(expires !== undefined && { until: now + forMs }),
  };
  return { value: JSON.stringify(kept), forMs };
}

export function decodeStatus(value: string): KeptStatus {
  const kept: unknown = parse(value);
  if (typeof kept !== 'object' || kept === null) return {};
  const field = (name: string): unknown => Reflect.get(kept, name);
  const [availability, text, emoji, until] = ['availability', 'text', 'emoji', 'until'].map(field);
  return {
    ...(isAvailability(availability) && { availability }),
    ...(typeof text === 'string' && { text }),
    ...(typeof emoji === 'string' && { emoji }),
    ...(typeof until === 'number' && { until }),
  };
}

/** How somebody with this status is seen, whose connections say this; undefined: none is there. */
export function seenAs(activity: Activity | undefined, { availability }: KeptStatus): Status {
  if (activity === undefined || availability === 'invisible') return 'offline';
  return availability ?? activity;
}

/** What somebody else has written may be anything. */
export function parse(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function requireText(field: string, text: unknown, longest: number): void {
  if (text === undefined || (typeof text === 'string' && text.length <= longest && text.isWellFormed()))
    return;
  throw new InvalidArgument(field, `text of up to ${longest} characters`, text);
}

function isAvailability(value: unknown): value is Availability {
  return value !== undefined && availabilities.has(value);
}
