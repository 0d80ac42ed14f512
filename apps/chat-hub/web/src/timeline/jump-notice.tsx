import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { dayName } from './times.ts';
import type { Jump } from './use-jump.ts';

export interface JumpNoticeProps {
  readonly jump: Jump;
  readonly onEnd: () => void;
  readonly onAgain: () => void;
}

/** How far the way to a linked message is, or why it ended. */
export function JumpNotice({ jump, onEnd, onAgain }: JumpNoticeProps) {
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
    <div className="jump-notice">
      <Notice tone="bad" action={{ label: 'Try again', onClick: onAgain }}>
        {jump.why}
      </Notice>
      <Button onClick={onEnd}>Close</Button>
    </div>
  );
}
