import type { EventOf } from '@parley/hub-protocol';
import { Megaphone, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useHub } from '../hub/context.ts';
import { IconButton } from '../ui/icon-button.tsx';
import './announcements.css';

type Announcement = EventOf<'system.announcement'>;

/** More than these nobody reads at once: the latest stay. */
const most = 3;

/** What those who run the workspace tell everybody, until it is closed. */
export function Announcements() {
  const hub = useHub();
  const [told, setTold] = useState<readonly Announcement[]>([]);
  useEffect(
    () =>
      hub.on('system.announcement', (event) =>
        setTold((before) => [...before.filter(({ id }) => id !== event.id), event].slice(-most)),
      ),
    [hub],
  );
  const close = (closed: string): void => setTold((before) => before.filter(({ id }) => id !== closed));
  return (
    <section className="announcements" role="log" aria-label="Announcements">
      {told.map(({ id, level, content }) => (
        <div key={id} className="announcement" data-level={level}>
          <Megaphone aria-hidden size={18} />
          <p dir="auto">{content}</p>
          <IconButton label="Close the announcement" icon={X} onClick={() => close(id)} />
        </div>
      ))}
    </section>
  );
}
