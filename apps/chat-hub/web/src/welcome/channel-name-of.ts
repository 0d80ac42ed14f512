/** What people type becomes what a channel may be called, as far as that is clear. */
export const channelNameOf = (typed: string): string =>
  typed
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/gu, '-')
    .replace(/^[_-]+/u, '');
