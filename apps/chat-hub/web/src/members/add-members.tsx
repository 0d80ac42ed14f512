import type { Channel, User } from '@parley/hub-protocol';
import { useDeferredValue, useEffect, useState } from 'react';
import { useHub, useHubState } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useWork } from '../ui/use-work.ts';

const shownUsers = 20;
const noUsers: readonly User[] = [];

/** Finds people and agents who are not in the channel, and adds them one by one. */
export function AddMembers({
  channel,
  onClose,
}: {
  readonly channel: Channel;
  readonly onClose: () => void;
}) {
  const hub = useHub();
  const [typed, setTyped] = useState('');
  const query = useDeferredValue(typed.trim().replace(/^@/u, ''));
  const [found, setFound] = useState<readonly User[]>();
  const [error, setError] = useState<unknown>();
  const members = useHubState(({ channels }) => channels.get(channel.id)?.members);
  useEffect(() => {
    const giveUp = new AbortController();
    hub
      .call('listUsers', {
        query: { limit: shownUsers * 2, deactivated: false, ...(query !== '' && { query }) },
        signal: giveUp.signal,
      })
      .then(({ items }) => {
        setFound(items);
        setError(undefined);
      })
      .catch((failure: unknown) => {
        if (!giveUp.signal.aborted) setError(failure);
      });
    return () => giveUp.abort();
  }, [hub, query]);
  const others = found?.filter(({ id }) => members?.has(id) !== true).slice(0, shownUsers) ?? noUsers;
  return (
    <section className="add-members" aria-label="Add people or agents">
      <input
        autoFocus
        className="panel-field"
        type="search"
        aria-label="Find people and agents to add"
        placeholder="Find people and agents to add"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          onClose();
        }}
      />
      {error !== undefined && <Notice tone="bad">{sentenceOf(error)}</Notice>}
      {found !== undefined && error === undefined && others.length === 0 && (
        <p className="panel-hint">
          {query === '' ? 'Everybody is here already.' : `Nobody else is called “${query}”.`}
        </p>
      )}
      <ul>
        {others.map((user) => (
          <Candidate key={user.id} user={user} channelId={channel.id} />
        ))}
      </ul>
    </section>
  );
}

function Candidate({ user, channelId }: { readonly user: User; readonly channelId: string }) {
  const hub = useHub();
  const toasts = useToasts();
  const { run, busy } = useWork(async () => {
    const params = { channelId, userId: user.id };
    await hub
      .call('putMember', { params, body: {} })
      .then(() => toasts.say(`${user.displayName} is in the channel now.`), toasts.fail);
  });
  return (
    <li className="candidate">
      <Avatar userId={user.id} size={28} />
      <span className="member-text">
        <bdi>{user.displayName}</bdi>
        <span className="member-state">@{user.handle}</span>
      </span>
      <Button disabled={busy} aria-label={`Add ${user.displayName}`} onClick={() => void run()}>
        Add
      </Button>
    </li>
  );
}
