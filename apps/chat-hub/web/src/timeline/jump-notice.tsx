import { X } from 'lucide-react';
import { useEffect, type RefObject } from 'react';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import type { LogHandle } from './message-log.tsx';
import { dayName } from './times.ts';
import type { Jump } from './use-jump.ts';

export interface JumpNoticeProps {
  readonly jump: Jump;
  /** Where somebody is who came by the link, and has seen nothing yet; else null. */
  readonly arrival: RefObject<LogHandle | null> | null;
  /** Whether there is anything in the log yet. */
  readonly isFilled: boolean;
  readonly onEnd: () => void;
  readonly onAgain: () => void;
}

/** How far the way to a linked message is, or why it ended. */
export function JumpNotice({ jump, arrival, isFilled, onEnd, onAgain }: JumpNoticeProps) {
  const failed = jump.at === 'failed';
  // There is nothing to be led to: they see what all others see who come. Who was reading goes on.
  useEffect(() => {
    if (failed && isFilled) arrival?.current?.toEnd();
  }, [failed, isFilled, arrival]);
  if (jump.at === 'looking')
    return (
      <div className="jump-notice" role="status">
        <span>
          Looking for the message
          {jump.back === undefined ? '…' : `: back to ${dayName(jump.back)}…`}
        </span>
        <Button onClick={onEnd}>Stop</Button>
      </div>
    );
  if (jump.at !== 'failed') return null;
  return (
    <div className="jump-notice" data-failed>
      <Notice tone="bad" action={jump.gone ? undefined : { label: 'Try again', onClick: onAgain }}>
        {jump.why}
      </Notice>
      <IconButton label="Close" icon={X} onClick={onEnd} />
    </div>
  );
}
