const key = 'parley.searches';
const most = 6;

/** What was searched for in this browser, latest first. */
export function recentSearches(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter((query) => typeof query === 'string').slice(0, most) : [];
  } catch {
    return [];
  }
}

export function keepSearch(query: string): readonly string[] {
  return write([query, ...recentSearches().filter((other) => other !== query)].slice(0, most));
}

export const forgetSearches = (): readonly string[] => write([]);

function write(queries: readonly string[]): readonly string[] {
  try {
    localStorage.setItem(key, JSON.stringify(queries));
  } catch {
    // Then they are forgotten with the page.
  }
  return queries;
}
