/** What one statement carries at the most, in characters; the server takes a gigabyte, and needs it several times. */
const maxSize = 16 * 1024 * 1024;

interface Sized {
  readonly body: string;
}

/**
 * Cuts a list so that no part is larger than one statement should be. Items of one name stay in one part, which is then larger; where it
 * comes to that, its caller cuts it with {@link slices}.
 */
export function byName<T extends Sized>(
  items: readonly T[],
  nameOf: (item: T) => string,
  limit = maxSize,
): readonly (readonly T[])[] {
  if (sizeOf(items) <= limit) return [items];
  const parts: T[][] = [];
  let room = 0;
  for (const group of groups(items, nameOf).values()) {
    const size = sizeOf(group);
    const part = parts.at(-1);
    if (part === undefined || size > room) {
      parts.push([...group]);
      room = limit;
    } else {
      part.push(...group);
    }
    room -= size;
  }
  return parts;
}

/** Consecutive slices, of which none is larger than one statement should be unless it has a single item. */
export function slices<T extends Sized>(items: readonly T[], limit = maxSize): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let room = 0;
  for (const item of items) {
    const part = parts.at(-1);
    if (part === undefined || item.body.length > room) {
      parts.push([item]);
      room = limit;
    } else {
      part.push(item);
    }
    room -= item.body.length;
  }
  return parts;
}

function groups<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const byName = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = byName.get(name);
    if (group === undefined) byName.set(name, [item]);
    else group.push(item);
  }
  return byName;
}

function sizeOf(items: readonly Sized[]): number {
  let size = 0;
  for (const { body } of items) size += body.length;
  return size;
}
