import type { Channel } from '@parley/hub-protocol';
import { useState } from 'react';
import { useHub } from '../../hub/context.ts';
import { sentenceOf } from '../../hub/problem.ts';
import { go } from '../../shell/place.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useWork } from '../../ui/use-work.ts';

/** A channel is deleted by who types its name: it cannot be undone. */
export function DeleteDialog({
  channel,
  onClose,
}: {
  readonly channel: Channel;
  readonly onClose: () => void;
}) {
  const hub = useHub();
  const [typed, setTyped] = useState('');
  const work = useWork(async () => {
    await hub.call('deleteChannel', { params: { channelId: channel.id } });
    onClose();
    go({ view: 'channel' });
  });
  const isRight = typed.trim().replace(/^#/u, '') === channel.name;
  return (
    <Dialog title={`Delete #${channel.name ?? ''}?`} open onClose={onClose} size="small">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isRight) void work.run();
        }}
      >
        <p>Every message and file in it is gone for everybody, and nobody can bring them back.</p>
        <Field
          label={`Type ${channel.name ?? ''} to make sure`}
          autoComplete="off"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        {work.error !== undefined && <Notice tone="bad">{sentenceOf(work.error)}</Notice>}
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="danger" type="submit" disabled={!isRight || work.busy}>
            Delete for good
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
