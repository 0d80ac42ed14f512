import { later } from '../ui/later.tsx';
import { useMissed } from './reminder.ts';

const Parts = later(() => import('./hint-parts.tsx').then((part) => part.HintParts));

/** Once, to who has missed something: that they can be told. */
export function NotificationHint() {
  return useMissed() ? <Parts /> : null;
}
