import type { Message } from '@parley/hub-protocol';
import { useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { openProfile } from '../members/open-profile.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Attachments } from './attachments.tsx';
import { EditForm } from './edit-form.tsx';
import { useEdited } from './editing.ts';
import { MessageActions } from './message-actions.tsx';
import { MessageBody } from './message-body.tsx';
import { Reactions } from './reactions.tsx';
import './message.css';

/** A message: who, when and what. */
export function MessageRow({ message }: { readonly message: Message }) {
  const sender = useUser(message.senderId);
  const edited = useEdited() === message.id;
  const at = new Date(message.timestamp);
  const name = message.senderId === null ? 'Parley' : nameOf(sender);
  return (
    <article className="message" data-message={message.id} aria-label={`${name}, ${at.toLocaleTimeString()}`}>
      {/* For the pointer; the name beside it is there for the keyboard. */}
      <span data-user={message.senderId ?? undefined}>
        <Avatar userId={message.senderId} />
      </span>
      <div className="message-main">
        <header>
          <SenderName userId={message.senderId} name={name} />{' '}
          <time dateTime={at.toISOString()}>{at.toLocaleTimeString()}</time>
        </header>
        {edited ? <EditForm message={message} /> : <MessageBody message={message} />}
        <Attachments message={message} />
        <Reactions message={message} />
      </div>
      <MessageActions message={message} />
    </article>
  );
}

/** A name that leads to who it belongs to. */
function SenderName({ userId, name }: { readonly userId: string | null; readonly name: string }) {
  if (userId === null) return <b>{name}</b>;
  return (
    <button type="button" className="sender-name" onClick={() => openProfile(userId)}>
      {name}
    </button>
  );
}
