import { later } from '../ui/later.tsx';
import type { Suggestions } from './use-suggestions.ts';

const Items = later(() => import('./suggestion-items.tsx').then((part) => part.SuggestionItems));

/** What may be meant, above where it is typed. The focus stays in the text. */
export function SuggestionList(suggestions: Suggestions) {
  const { length } = suggestions.items;
  return (
    <>
      <p className="quiet" aria-live="polite">
        {length > 0 && `${length} ${length === 1 ? 'suggestion' : 'suggestions'}`}
      </p>
      {length > 0 && <Items {...suggestions} />}
    </>
  );
}
