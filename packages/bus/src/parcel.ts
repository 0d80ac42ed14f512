import { DeadlineExceeded } from '@parley/cache-core/kernel';

/** Something to be sent, behind what was sent before it in its lane. */
export interface Parcel<Item, Reply> {
  readonly lane: string;
  readonly item: Item;
  readonly bytes: number;
  readonly withinMs: number;
  /** When (monotonic) its sender stops waiting. */
  readonly expiresAt: number;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: unknown) => void;
  /** When it was first sent; undefined: never, so that it cannot have arrived. */
  sentAt: number | undefined;
  /** How many may travel together with it: fewer each time that its batch was refused, until it shows whose fault it was. */
  company: number;
  settled: boolean;
}

export const isOpen = ({ settled }: { readonly settled: boolean }): boolean => !settled;

export const outcomeOf = ({ sentAt }: { readonly sentAt: number | undefined }): string =>
  sentAt === undefined ? 'not sent' : 'unknown';

/** @param cause the last that is known to have gone wrong */
export function expired(
  parcel: Pick<Parcel<unknown, unknown>, 'withinMs' | 'expiresAt' | 'sentAt'>,
  about: { readonly what: string; readonly now: number; readonly cause: unknown },
): DeadlineExceeded {
  const { withinMs, expiresAt } = parcel;
  const { what, now, cause } = about;
  return new DeadlineExceeded(`sending ${what}`, withinMs, {
    cause,
    evidence: { outcome: outcomeOf(parcel), waitedMs: Math.round(now - expiresAt + withinMs) },
  });
}
