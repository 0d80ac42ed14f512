import type { Channel } from '@parley/hub-protocol';
import { Archive, ArchiveRestore, LogOut, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useHub } from '../../hub/context.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useWork } from '../../ui/use-work.ts';
import { LeaveDialog } from '../leave-dialog.tsx';
import type { Rights } from '../rights.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { Section } from './section.tsx';

/** How one leaves a channel, and how it ends. */
export function EndSettings({ channel, rights }: { readonly channel: Channel; readonly rights: Rights }) {
  const hub = useHub();
  const toasts = useToasts();
  const [asked, setAsked] = useState<'leave' | 'archive' | 'delete'>();
  const params = { channelId: channel.id };
  const unarchive = useWork(() => hub.call('unarchiveChannel', { params }).catch(toasts.fail));
  const close = (): void => setAsked(undefined);
  if (!rights.leave && !rights.archive && !rights.remove) return null;
  return (
    <Section title="Leaving and ending">
      <div className="settings-ends">
        {rights.leave && (
          <Button onClick={() => setAsked('leave')}>
            <LogOut aria-hidden size={16} /> Leave
          </Button>
        )}
        {rights.archive &&
          (channel.archivedAt === null ? (
            <Button onClick={() => setAsked('archive')}>
              <Archive aria-hidden size={16} /> Archive
            </Button>
          ) : (
            <Button disabled={unarchive.busy} onClick={() => void unarchive.run()}>
              <ArchiveRestore aria-hidden size={16} /> Unarchive
            </Button>
          ))}
        {rights.remove && (
          <Button className="settings-danger" onClick={() => setAsked('delete')}>
            <Trash2 aria-hidden size={16} /> Delete…
          </Button>
        )}
      </div>
      {asked === 'leave' && <LeaveDialog channel={channel} onClose={close} />}
      {asked === 'archive' && (
        <Confirm
          title={`Archive #${channel.name ?? ''}?`}
          button="Archive"
          act={() => hub.call('archiveChannel', { params })}
          onClose={close}
        >
          It can still be read and searched, and nothing can be written. You can take it back at any time.
        </Confirm>
      )}
      {asked === 'delete' && <DeleteDialog channel={channel} onClose={close} />}
    </Section>
  );
}
