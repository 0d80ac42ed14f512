import type { Message } from '@parley/hub-protocol';
import { useHub, useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { useWork } from '../ui/use-work.ts';

export interface DeleteDialogProps {
  readonly message: Message;
  readonly isOwn: boolean;
  readonly open: boolean;
  readonly onClose: () => void;
}

const shownLength = 300;

/** Nothing brings a deleted message back, so it is asked. */
export function DeleteDialog({ message, isOwn, open, onClose }: DeleteDialogProps) {
  const hub = useHub();
  const sender = useUser(message.senderId);
  const { channelId, id: messageId, content, files = [] } = message;
  const work = useWork(async () => {
    await hub.call('deleteMessage', { params: { channelId, messageId } });
    onClose();
  });
  const excerpt = content.length > shownLength ? `${content.slice(0, shownLength).toWellFormed()}…` : content;
  return (
    <Dialog title="Delete this message?" size="small" open={open} onClose={onClose}>
      <blockquote className="delete-excerpt" dir="auto">
        {excerpt}
        {files.length > 0 && <p>{files.map(({ name }) => name).join(', ')}</p>}
      </blockquote>
      <p>
        {isOwn
          ? 'It is deleted for everybody, with its files, and cannot be brought back.'
          : `What ${nameOf(sender)} said is deleted for everybody and cannot be brought back. It is noted that you did it.`}
      </p>
      {work.error !== undefined && <Notice tone="bad">{sentenceOf(work.error)}.</Notice>}
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button tone="danger" disabled={work.busy} onClick={() => void work.run()}>
          {work.busy ? 'Deleting…' : 'Delete'}
        </Button>
      </div>
    </Dialog>
  );
}
