import { AtSign, Hash, SquareSlash } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Avatar } from '../ui/avatar.tsx';
import type { Suggestion } from './suggest.ts';
import type { Suggestions } from './use-suggestions.ts';

export function SuggestionItems({ listId, items, active, setActive, pick }: Suggestions) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active, items]);
  return (
    <ul ref={list} id={listId} className="suggestions" role="listbox" aria-label="Suggestions">
      {items.map((item, at) => (
        <li
          key={item.key}
          id={`${listId}-${at}`}
          role="option"
          aria-selected={at === active}
          onPointerDown={(event) => event.preventDefault()}
          onPointerMove={() => setActive(at)}
          onClick={() => pick(item)}
        >
          <Picture item={item} />
          <b dir="auto">{item.label}</b>
          {item.isAgent === true && <span className="suggestion-agent">Agent</span>}
          <span className="suggestion-detail" dir="auto">
            {item.detail}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Picture({ item: { picture } }: { readonly item: Suggestion }) {
  if (picture.kind === 'user') return <Avatar userId={picture.userId} size={22} />;
  if (picture.kind === 'emoji') return <span className="suggestion-emoji">{picture.sign}</span>;
  const Icon = { everybody: AtSign, channel: Hash, command: SquareSlash }[picture.kind];
  return <Icon aria-hidden size={18} className="suggestion-icon" />;
}
