import type { Presence } from '@parley/hub-protocol';
import './members.css';

const words = { online: 'Here', away: 'Away', dnd: 'Do not disturb', offline: 'Not here' } as const;
export type Seen = Presence['status'];

export const statusWord = (status: Seen): string => words[status];

/** How somebody is seen, by form and colour. The word for it stands beside it, or is told by a label. */
export function PresenceMark({ status }: { readonly status: Seen }) {
  return <span className="presence-mark" data-status={status} aria-hidden />;
}
