import { Lock } from 'lucide-react';
import { placeKey, type WritingPlace } from './drafts.ts';
import { useDraft } from './use-drafts.ts';

export interface ClosedProps {
  readonly text: string;
  readonly place: WritingPlace;
}

/** Why nothing can be written here. What was begun before is kept, and said so. */
export function Closed({ text, place }: ClosedProps) {
  const [draft] = useDraft(placeKey(place));
  return (
    <div className="composer">
      <p className="composer-closed" role="status">
        <Lock aria-hidden size={16} />
        <span>
          {text}
          {draft.trim() !== '' && ' What you had begun to write is kept.'}
        </span>
      </p>
    </div>
  );
}
