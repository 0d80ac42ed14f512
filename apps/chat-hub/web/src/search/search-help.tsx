const examples = [
  ['release notes', 'messages with both words'],
  ['"release notes"', 'these words in a row'],
  ['deplo*', 'words that begin like this'],
  ['from:ann', 'what somebody wrote; from:me is you'],
  ['in:general', 'in a channel; in:@ann is your conversation'],
  ['after:2026-01-31', 'after a day, or before: one'],
  ['has:file', 'or has:link, has:code, has:mention, has:pin'],
  ['is:thread', 'or is:thought and is:action, of agents'],
] as const;

/** What can be asked for. */
export function SearchHelp() {
  return (
    <section className="search-help" aria-label="What can be searched for">
      <h3>What you can search for</h3>
      <dl>
        {examples.map(([written, meaning]) => (
          <div key={written}>
            <dt>
              <code>{written}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p>All of it together narrows the search. You find what you may read, the latest first.</p>
    </section>
  );
}
