/**
 * A `fetch` that signs in as a browser does: it keeps the cookie of the hub as long as it lives, in memory. What browsers say of pages of the hub
 * is said too, because the hub takes cookies from nobody else.
 */
export function cookieFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  let cookie: string | undefined;
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    if (cookie !== undefined) headers.set('cookie', cookie);
    headers.set('sec-fetch-site', 'same-origin');
    const response = await fetch(input, { ...init, headers });
    for (const set of response.headers.getSetCookie()) cookie = set.split(';', 1)[0];
    return response;
  };
}
