import type { User } from '@parley/hub-protocol';
import { Chip } from '../parts/chip.tsx';
import { momentOf } from '../../preferences/times.ts';

export const isTimedOut = ({ timeoutUntil = null }: User): boolean =>
  timeoutUntil !== null && timeoutUntil > Date.now();

export function UserStatus({ user }: { readonly user: User }) {
  if (user.deactivatedAt !== null) return <Chip>Deactivated</Chip>;
  if (isTimedOut(user)) return <Chip tone="warn">Timed out until {momentOf(user.timeoutUntil ?? 0)}</Chip>;
  return <Chip tone="good">Active</Chip>;
}
