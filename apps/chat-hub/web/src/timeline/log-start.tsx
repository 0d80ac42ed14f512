import type { ChannelState } from '@parley/hub-client';
import { Hash, Lock, MessagesSquare } from 'lucide-react';
import { useHubState } from '../hub/context.ts';
import { titleOf } from '../hub/names.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import type { Older } from './use-older.ts';

export interface LogStartProps {
  readonly state: ChannelState;
  readonly older: Older;
}

/** What stands above the first message that is here: that older ones come, or that there are none. */
export function LogStart({ state, older }: LogStartProps) {
  if (!state.older) return <Beginning state={state} />;
  return (
    <div className="log-older">
      {older.error === undefined ? (
        <span aria-busy="true">Bringing older messages…</span>
      ) : (
        <span role="alert">
          Older messages could not be brought. {sentenceOf(older.error)}.{' '}
          <Button tone="link" onClick={older.retry}>
            Try again
          </Button>
        </span>
      )}
    </div>
  );
}

/** The beginning of a channel. */
export function Beginning({ state: { channel } }: { readonly state: ChannelState }) {
  const title = useHubState((state) => titleOf(channel, state));
  const named = channel.name !== null;
  const Icon = !named ? MessagesSquare : channel.kind === 'private' ? Lock : Hash;
  return (
    <div className="log-beginning">
      <span className="log-beginning-icon">
        <Icon aria-hidden size={26} />
      </span>
      <p className="log-beginning-title">
        <bdi>{title}</bdi>
      </p>
      <p>
        {named
          ? `This is the beginning of #${title}. Everybody in the channel, people and agents, reads what is written here.`
          : 'This is the beginning of your conversation. Only those who are in it read what is written here.'}
      </p>
      {channel.description !== '' && <p dir="auto">{channel.description}</p>}
    </div>
  );
}
