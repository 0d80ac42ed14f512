import { ArrowUp, X } from 'lucide-react';
import { useState } from 'react';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import type { WayToUnread } from './use-first-unread.ts';

export interface UnreadNoticeProps {
  readonly count: number;
  readonly way: WayToUnread;
}

/** What is unread began further back than what is here: how much it is, and the way there. */
export function UnreadNotice({ count, way: { at, error, begin, end } }: UnreadNoticeProps) {
  const [closed, setClosed] = useState(false);
  if (closed) return null;
  if (at === 'looking')
    return (
      <div className="jump-notice" role="status">
        <span>Looking for the first new message…</span>
        <Button onClick={end}>Stop</Button>
      </div>
    );
  return (
    <div className="jump-notice" role="status">
      <span>
        {error === undefined
          ? `${count.toLocaleString()} new messages since you were here`
          : `The first new message could not be brought. ${sentenceOf(error)}.`}
      </span>
      <Button onClick={begin}>
        <ArrowUp aria-hidden size={16} />
        {error === undefined ? 'To the first' : 'Try again'}
      </Button>
      <IconButton label="Close" icon={X} onClick={() => setClosed(true)} />
    </div>
  );
}
