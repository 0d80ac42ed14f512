import { CornerDownLeft, Hash, Lock, Search, Users, Zap } from 'lucide-react';
import { useHubState } from '../hub/context.ts';
import { othersIn } from '../hub/names.ts';
import { Avatar } from '../ui/avatar.tsx';
import type { Entry } from './entries.ts';

export interface EntryRowProps {
  readonly id: string;
  readonly entry: Entry;
  readonly active: boolean;
  readonly onChoose: () => void;
}

/** One of what was found. The field has the focus, so that one can go on typing. */
export function EntryRow({ id, entry, active, onChoose }: EntryRowProps) {
  return (
    <div
      id={id}
      role="option"
      aria-selected={active}
      className="switcher-entry"
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <span className="switcher-sign" aria-hidden>
        <Sign entry={entry} />
      </span>
      <span className="switcher-name" dir="auto">
        {entry.title}
      </span>
      {entry.kind === 'person' && <span className="switcher-soft">@{entry.handle}</span>}
      {entry.kind === 'channel' && entry.unread > 0 && (
        <span className="count">
          <span aria-hidden>{entry.unread > 99 ? '99+' : entry.unread}</span>
          <span className="quiet">, {entry.unread} unread</span>
        </span>
      )}
      {active && <CornerDownLeft aria-hidden size={14} className="switcher-soft" />}
    </div>
  );
}

function Sign({ entry }: { readonly entry: Entry }) {
  const channel = useHubState(({ channels }) => channels.get(entry.id)?.channel);
  const other = useHubState((state) =>
    channel?.kind === 'direct' ? othersIn(channel.id, state)?.[0] : undefined,
  );
  if (entry.kind === 'person') return <Avatar userId={entry.id} size={22} />;
  if (other !== undefined) return <Avatar userId={other} size={22} />;
  if (entry.kind === 'action') return entry.id === 'search' ? <Search size={16} /> : <Zap size={16} />;
  if (channel?.kind === 'private') return <Lock size={16} />;
  return channel?.name === null ? <Users size={16} /> : <Hash size={16} />;
}
