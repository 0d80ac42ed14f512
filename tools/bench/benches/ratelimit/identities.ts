const identities = Array.from({ length: 1024 }, (_, i) => `user-${i}`);

export const identityAt = (i: number): string => identities[i & 1023] ?? '';

/** Never reached, so that every call charges. */
export const plenty = 1_000_000;
export const hourSeconds = 3_600;

/** A limiter that denies has not done the work that is measured. */
export function mustAdmit(ok: boolean): void {
  if (!ok) throw new Error('it denies what is within the limit');
}
