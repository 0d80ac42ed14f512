import { limits, type Channel } from '@parley/hub-protocol';
import { Check, Hash } from 'lucide-react';
import { useState } from 'react';
import { useHub, useHubState, useSession } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { closeOverlay, openOverlay } from '../shell/overlay.ts';
import { go } from '../shell/place.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { useWork } from '../ui/use-work.ts';
import { useChannelList } from './channel-list.ts';
import './finding.css';

/** All public channels, to look into or to join. */
export function BrowseChannels() {
  const { scopes } = useSession();
  const [typed, setTyped] = useState('');
  const [archived, setArchived] = useState(false);
  const query = typed.trim().replace(/^#/u, '');
  const { channels, busy, error, more, again } = useChannelList(query, archived);
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
      {error !== undefined && (
        <Notice tone="bad" action={{ label: 'Try again', onClick: again }}>
          The channels could not be read. {sentenceOf(error)}.
        </Notice>
      )}
      <ul className="found" aria-label="Channels" aria-busy={busy}>
        {channels.map((channel) => (
          <FoundChannel key={channel.id} channel={channel} />
        ))}
      </ul>
      <p role="status" className="found-none">
        {!busy && error === undefined && channels.length === 0 && nothing(query, archived)}
      </p>
      {more !== undefined && <Button onClick={more}>Show more</Button>}
    </Dialog>
  );
}

function nothing(query: string, archived: boolean): string {
  if (query !== '') return `No channel fits “${query}”.`;
  return archived ? 'No channel is archived.' : 'There are no public channels yet.';
}

function FoundChannel({ channel }: { readonly channel: Channel }) {
  const hub = useHub();
  const { scopes } = useSession();
  const { id, name, topic, memberCount, archivedAt } = channel;
  const joined = useHubState(({ channels }) => channels.has(id));
  const open = (): void => {
    closeOverlay();
    go({ view: 'channel', channelId: id });
  };
  const { run, busy, error } = useWork(async () => {
    await hub.call('joinChannel', { params: { channelId: id } });
    open();
  });
  return (
    <li>
      <Hash aria-hidden size={18} />
      <div className="found-text">
        <b>{name}</b>
        <small>
          {joined && (
            <span className="found-joined">
              <Check aria-hidden size={13} /> Joined ·{' '}
            </span>
          )}
          {memberCount === 1 ? '1 member' : `${memberCount} members`}
          {topic !== '' && <bdi> · {topic}</bdi>}
        </small>
        {error !== undefined && (
          <small className="found-error" role="alert">
            {sentenceOf(error)}.
          </small>
        )}
      </div>
      {joined || archivedAt !== null || !scopes.has('write') ? (
        <Button aria-label={`Open ${name}`} onClick={open}>
          Open
        </Button>
      ) : (
        <Button tone="main" aria-label={`Join ${name}`} disabled={busy} onClick={() => void run()}>
          Join
        </Button>
      )}
    </li>
  );
}
