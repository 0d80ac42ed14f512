import { limits } from '@parley/hub-protocol';
import { useEffect, useState } from 'react';
import { isTalk } from '../channel/rights.ts';
import { useChannel } from '../channel/use-rights.ts';
import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';
import { go, readPlace } from '../shell/place.ts';
import { Button } from '../ui/button.tsx';
import { forgetSearches, keepSearch, recentSearches } from './recent-searches.ts';
import { SearchField } from './search-field.tsx';
import { SearchHelp } from './search-help.tsx';
import { SearchResults } from './search-results.tsx';
import { useSearch } from './use-search.ts';
import '../channel/panels.css';
import './search.css';

/** Finds what was said, in all that one may read or in one channel. */
export function SearchPanel({ panel, channelId }: PanelProps) {
  const asked = panel.kind === 'search' ? panel.query : '';
  const channel = useChannel(channelId);
  const [text, setText] = useState(asked);
  const [onlyHere, setOnlyHere] = useState(false);
  const [recent, setRecent] = useState(recentSearches);
  const within = onlyHere && channelId !== undefined ? channelId : undefined;
  const search = useSearch(asked, within);
  // Somebody went back, or another part of the page asks for something.
  useEffect(() => setText(asked), [asked]);

  const ask = (query: string): void => {
    const trimmed = query.trim();
    setText(trimmed);
    if (trimmed !== '') setRecent(keepSearch(trimmed));
    if (trimmed === asked) search.again();
    else go({ ...readPlace(location.hash), panel: { kind: 'search', query: trimmed } });
  };
  return (
    <PanelFrame title="Search">
      <form
        className="search-form"
        role="search"
        aria-label="Messages"
        onSubmit={(event) => {
          event.preventDefault();
          ask(text);
        }}
      >
        <SearchField text={text} maxLength={limits.search} onChange={setText} onSubmit={() => ask(text)} />
        {channel && (
          <label className="search-here">
            <input
              type="checkbox"
              checked={onlyHere}
              onChange={(event) => setOnlyHere(event.target.checked)}
            />
            <span>Only in {isTalk(channel) ? 'this conversation' : <bdi>#{channel.name}</bdi>}</span>
          </label>
        )}
      </form>
      <div className="panel-body search-body">
        {asked === '' ? (
          <>
            {recent.length > 0 && (
              <section aria-label="Recent searches">
                <header className="search-recent-head">
                  <h3>Recent searches</h3>
                  <Button tone="link" onClick={() => setRecent(forgetSearches())}>
                    Forget them
                  </Button>
                </header>
                <ul className="search-recent">
                  {recent.map((query) => (
                    <li key={query}>
                      <button type="button" dir="auto" onClick={() => ask(query)}>
                        {query}
                      </button>
                    </li>
                  ))}
                </ul>
              </section>
            )}
            <SearchHelp />
          </>
        ) : (
          <SearchResults search={search} query={asked} />
        )}
      </div>
    </PanelFrame>
  );
}
