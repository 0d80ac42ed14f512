import type { Message, Thread } from '@parley/hub-protocol';
import { useSession } from '../hub/context.ts';
import { goBeside } from '../shell/place.ts';
import { ago } from '../timeline/times.ts';
import { useMinute } from '../timeline/use-minute.ts';
import { Avatar } from '../ui/avatar.tsx';
import { useSeen } from './seen.ts';
import './thread.css';

export interface ThreadSummaryProps {
  readonly message: Message;
  readonly thread: Thread;
}

const mostFaces = 4;

/** What hangs on a message, in one line that opens it. */
export function ThreadSummary({ message, thread }: ThreadSummaryProps) {
  const { userId } = useSession();
  const seen = useSeen(message.id);
  const { replies, lastReplyAt, participants } = thread;
  const own = message.senderId === userId || participants.includes(userId);
  const news = own && lastReplyAt !== null && lastReplyAt > seen;
  return (
    <button
      type="button"
      className="thread-summary"
      data-news={news || undefined}
      onClick={() => goBeside({ kind: 'thread', id: message.id })}
    >
      <span className="thread-faces">
        {participants.slice(0, mostFaces).map((id) => (
          <Avatar key={id} userId={id} size={22} />
        ))}
      </span>
      <b>{replies === 1 ? '1 reply' : `${replies} replies`}</b>
      {lastReplyAt !== null && <LastReply at={lastReplyAt} />}
      {news && <span className="thread-news">New</span>}
    </button>
  );
}

function LastReply({ at }: { readonly at: number }) {
  const now = useMinute();
  return <span>last reply {ago(at, now)}</span>;
}
