import type { Message } from '@parley/hub-protocol';
import { useHub, useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { Confirm } from '../ui/confirm.tsx';

export interface DeleteDialogProps {
  readonly message: Message;
  readonly isOwn: boolean;
  readonly onClose: () => void;
}

const shownLength = 300;

/** Nothing brings a deleted message back, so it is asked. */
export function DeleteDialog({ message, isOwn, onClose }: DeleteDialogProps) {
  const hub = useHub();
  const sender = useUser(message.senderId);
  const { channelId, id: messageId, content, files = [] } = message;
  const excerpt = content.length > shownLength ? `${content.slice(0, shownLength).toWellFormed()}…` : content;
  return (
    <Confirm
      title="Delete this message?"
      button="Delete"
      act={() => hub.call('deleteMessage', { params: { channelId, messageId } })}
      onClose={onClose}
    >
      <blockquote className="delete-excerpt" dir="auto">
        {excerpt}
        {files.length > 0 && <p>{files.map(({ name }) => name).join(', ')}</p>}
      </blockquote>
      <p>
        {isOwn
          ? 'It is deleted for everybody, with its files, and cannot be brought back.'
          : `What ${nameOf(sender)} said is deleted for everybody and cannot be brought back. It is noted that you did it.`}
      </p>
    </Confirm>
  );
}
