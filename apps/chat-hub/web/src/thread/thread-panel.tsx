import { Bell, BellOff } from 'lucide-react';
import { isHubError } from '@parley/hub-protocol';
import { Composer } from '../composer/composer.tsx';
import { useHub, useHubState } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';
import { LogSkeleton } from '../timeline/log-skeleton.tsx';
import { TypingLine } from '../timeline/typing-line.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useWork } from '../ui/use-work.ts';
import { ThreadLog } from './thread-log.tsx';
import { useThread } from './use-thread.ts';
import './thread.css';

/** What was said about one message, and where one says more. */
export function ThreadPanel({ panel, channelId }: PanelProps) {
  if (panel.kind !== 'thread' || channelId === undefined)
    return (
      <PanelFrame title="Thread">
        <Notice>Open the channel of the thread to read it.</Notice>
      </PanelFrame>
    );
  return <Thread channelId={channelId} rootId={panel.id} />;
}

function Thread({ channelId, rootId }: { readonly channelId: string; readonly rootId: string }) {
  const thread = useThread(channelId, rootId);
  const { state, root, error, retry } = thread;
  const isOutside = useHubState(({ ready, channels }) => ready && !channels.has(channelId));
  const gone = isHubError(error) && error.status === 404;
  return (
    <PanelFrame
      title="Thread"
      actions={
        thread.following !== undefined && (
          <Follow
            channelId={channelId}
            rootId={rootId}
            following={thread.following}
            onChange={thread.setFollowing}
          />
        )
      }
    >
      {error !== undefined && (
        <div className="log-empty">
          <Notice tone="bad" action={gone ? undefined : { label: 'Try again', onClick: retry }}>
            {gone
              ? 'This thread is not there any more.'
              : `The thread could not be brought. ${sentenceOf(error)}.`}
          </Notice>
        </div>
      )}
      {isOutside ? (
        <div className="log-empty">
          <Notice>Threads are read by who is in the channel. Join it to read this one.</Notice>
        </div>
      ) : root === undefined || state === undefined ? (
        error === undefined && <LogSkeleton />
      ) : (
        <>
          <ThreadLog root={root} thread={thread} state={state} />
          <TypingLine channelId={channelId} threadId={rootId} />
          <Composer channelId={channelId} threadId={rootId} />
        </>
      )}
    </PanelFrame>
  );
}

interface FollowProps {
  readonly channelId: string;
  readonly rootId: string;
  readonly following: boolean;
  readonly onChange: (following: boolean) => void;
}

/** Whether replies of the thread count as unread. */
function Follow({ channelId, rootId, following, onChange }: FollowProps) {
  const hub = useHub();
  const toasts = useToasts();
  const { run, busy } = useWork(async () => {
    const route = following ? 'unfollowThread' : 'followThread';
    try {
      const answer = await hub.call(route, { params: { channelId, threadId: rootId } });
      onChange(answer.following);
      toasts.say(
        answer.following ? 'New replies will be told to you.' : 'New replies are not told to you any more.',
      );
    } catch (error) {
      toasts.fail(error);
    }
  });
  return (
    <IconButton
      label={following ? 'Unfollow the thread' : 'Follow the thread'}
      icon={following ? Bell : BellOff}
      aria-pressed={following}
      disabled={busy}
      onClick={() => void run()}
    />
  );
}
