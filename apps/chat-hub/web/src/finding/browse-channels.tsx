import { limits } from '@parley/hub-protocol';
import { useState } from 'react';
import { useSession } from '../hub/context.ts';
import { closeOverlay, openOverlay } from '../shell/overlay.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { useChannelList } from './channel-list.ts';
import { FoundChannels } from './found-channels.tsx';

/** All public channels, to look into or to join. */
export function BrowseChannels() {
  const { scopes } = useSession();
  const [typed, setTyped] = useState('');
  const [archived, setArchived] = useState(false);
  const query = typed.trim().replace(/^#/u, '');
  const list = useChannelList(query, archived);
  return (
    <Dialog title="Channels" open size="large" onClose={closeOverlay}>
      <div className="finding-top">
        <Field
          label="Search"
          type="search"
          autoFocus
          autoComplete="off"
          maxLength={limits.query}
          placeholder="Part of a name or topic"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {scopes.has('manage') && (
          <Button onClick={() => openOverlay({ kind: 'create-channel' })}>Create a channel</Button>
        )}
      </div>
      <label className="check">
        <input type="checkbox" checked={archived} onChange={(event) => setArchived(event.target.checked)} />
        Archived ones
      </label>
      <FoundChannels list={list} none={nothing(query, archived)} />
    </Dialog>
  );
}

function nothing(query: string, archived: boolean): string {
  if (query !== '') return `No channel fits “${query}”.`;
  return archived ? 'No channel is archived.' : 'There are no public channels yet.';
}
