let taken: string | undefined;

/** The code in the address is for this page alone, and stays in no history. */
export function takeCode(): string {
  if (taken !== undefined) return taken;
  taken = new URLSearchParams(location.hash.slice(1)).get('setup') ?? '';
  if (taken !== '') history.replaceState(null, '', location.pathname);
  return taken;
}

/** It is good for once. */
export function dropCode(): void {
  taken = '';
}
