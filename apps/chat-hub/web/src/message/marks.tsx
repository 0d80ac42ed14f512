import { fullTimeOf } from '../preferences/times.ts';
import type { Message, User } from '@parley/hub-protocol';
import { Pin } from 'lucide-react';
import { useState } from 'react';
import { later } from '../ui/later.tsx';

const EditHistory = later(() => import('./edit-history.tsx').then((part) => part.EditHistory));

/** Whether a message calls somebody: by name, by role, or all who are here. */
export function calls({ mentions: { users, roles, here } }: Message, { id, role }: User): boolean {
  return here || users.includes(id) || roles.includes(role);
}

export function PinnedMark() {
  return (
    <p className="pinned-mark">
      <Pin aria-hidden size={12} /> Pinned
    </p>
  );
}

/** Tells that the text was another one, and shows which. */
export function EditedMark({ message }: { readonly message: Message }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="edited-mark"
        title={message.editedAt === null ? undefined : fullTimeOf(message.editedAt)}
        onClick={() => setOpen(true)}
      >
        (edited)
      </button>
      {open && <EditHistory message={message} onClose={() => setOpen(false)} />}
    </>
  );
}
