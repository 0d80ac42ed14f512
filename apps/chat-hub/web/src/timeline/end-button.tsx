import { ArrowDown } from 'lucide-react';

export interface EndButtonProps {
  /** Messages that came and were not seen. */
  readonly unread: number;
  readonly onClick: () => void;
}

/** Back to the latest messages, for who reads further up. */
export function EndButton({ unread, onClick }: EndButtonProps) {
  const text = unread === 0 ? 'Latest messages' : unread === 1 ? '1 new message' : `${unread} new messages`;
  return (
    <div className="end-place" role="status">
      <button type="button" className="end-button" data-unread={unread > 0 || undefined} onClick={onClick}>
        <ArrowDown aria-hidden size={16} />
        {text}
      </button>
    </div>
  );
}
