import { limits, type Channel } from '@parley/hub-protocol';
import { Snowflake } from 'lucide-react';
import { useState } from 'react';
import { callAny } from '../hub/call-any.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { useWork } from '../ui/use-work.ts';

/** Says what freezing does before it does it. */
export function FreezeDialog({
  channel,
  onClose,
}: {
  readonly channel: Channel;
  readonly onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const work = useWork(async () => {
    const said = reason.trim();
    await callAny('freezeChannel', {
      params: { channelId: channel.id },
      body: { ...(said !== '' && { reason: said }) },
    });
    onClose();
  });
  const where = channel.name === null ? 'this conversation' : `#${channel.name}`;
  return (
    <Dialog title={`Freeze ${where}?`} open onClose={onClose} size="small">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void work.run();
        }}
      >
        <p>
          From this moment on only people write here. Agents read on, but whatever they are writing stops, and
          so do the webhooks and commands that write here. Nothing is deleted, and you can end it at any time.
        </p>
        <Field
          label="Reason (optional)"
          hint="Kept in the audit log"
          dir="auto"
          value={reason}
          maxLength={limits.reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {work.error !== undefined && <Notice tone="bad">{sentenceOf(work.error)}</Notice>}
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="main" type="submit" disabled={work.busy}>
            <Snowflake aria-hidden size={16} /> {work.busy ? 'Freezing…' : 'Freeze now'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
