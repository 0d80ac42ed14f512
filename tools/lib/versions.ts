type Version = readonly [major: number, minor: number, patch: number];

/** A plain version without a prerelease part; we publish no others. */
function parse(text: string): Version | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/u.exec(text);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : undefined;
}

export function isNewer(version: string, than: string): boolean {
  const a = parse(version);
  const b = parse(than);
  return a !== undefined && b !== undefined && compare(a, b) > 0;
}

export function majorOf(version: string): number | undefined {
  return parse(version)?.[0];
}

/** Whether `^x.y.z`, the only kind of range between our packages, lets `version` in. */
export function caretAllows(range: string, version: string): boolean {
  const from = range.startsWith('^') ? parse(range.slice(1)) : undefined;
  const candidate = parse(version);
  if (!from || !candidate || compare(candidate, from) < 0) return false;
  // The leftmost part that is not 0 must stay, and with it everything to its left.
  const fixed = from.findIndex((part) => part > 0);
  const upTo = fixed === -1 ? from.length : fixed + 1;
  return from.slice(0, upTo).every((part, index) => candidate[index] === part);
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
