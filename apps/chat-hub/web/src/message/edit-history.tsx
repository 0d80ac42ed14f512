import { fullTimeOf } from '../preferences/times.ts';
import type { Edit, Message } from '@parley/hub-protocol';
import { useCallback, useEffect, useState } from 'react';
import { useHub, useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';

export interface EditHistoryProps {
  readonly message: Message;
  readonly onClose: () => void;
}

/** The earlier texts of a message, latest first. */
export function EditHistory({ message, onClose }: EditHistoryProps) {
  const hub = useHub();
  const [edits, setEdits] = useState<readonly Edit[]>();
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<unknown>();
  const { channelId, id: messageId } = message;
  const read = useCallback(
    async (cursor?: string): Promise<void> => {
      setError(undefined);
      try {
        const page = await hub.call('listEdits', {
          params: { channelId, messageId },
          query: { limit: 20, ...(cursor !== undefined && { cursor }) },
        });
        setEdits((before) => (cursor === undefined ? page.items : [...(before ?? []), ...page.items]));
        setNext(page.next);
      } catch (failure) {
        setError(failure);
      }
    },
    [hub, channelId, messageId],
  );
  // What is changed meanwhile has one more earlier text.
  useEffect(() => void read(), [read, message.editedAt]);
  return (
    <Dialog title="Earlier texts" open onClose={onClose}>
      {error !== undefined && (
        <Notice tone="bad" action={{ label: 'Try again', onClick: () => void read(next ?? undefined) }}>
          The earlier texts could not be brought. {sentenceOf(error)}.
        </Notice>
      )}
      {edits === undefined && error === undefined && <p aria-busy="true">Earlier texts are being brought…</p>}
      {edits?.length === 0 && <p>The hub keeps no earlier text of this message.</p>}
      <ol className="edit-history">
        {edits?.map((edit) => (
          <EarlierText key={`${edit.replacedAt} ${edit.content}`} edit={edit} />
        ))}
      </ol>
      {next !== null && <Button onClick={() => void read(next)}>Show more</Button>}
    </Dialog>
  );
}

function EarlierText({ edit }: { readonly edit: Edit }) {
  const by = nameOf(useUser(edit.replacedBy));
  return (
    <li>
      <p className="edit-history-when">
        Until {fullTimeOf(edit.replacedAt)}, changed by <bdi>{by}</bdi>
      </p>
      <p dir="auto" className="edit-history-text">
        {edit.content}
      </p>
    </li>
  );
}
