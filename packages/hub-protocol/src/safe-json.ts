/** What is wrong with a JSON value before any schema is asked: the path to it, and how to complete `<path> must ...`. */
export interface Unsafe {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
}

interface Place {
  readonly value: unknown;
  readonly depth: number;
  readonly key: string | number;
  readonly parent: Place | undefined;
}

/**
 * Looks through a value that came from JSON for what schemas do not see: nesting that would overflow a recursive reader, keys that
 * change a prototype when they are copied, and text that cannot be stored (NUL, halves of surrogate pairs).
 *
 * It keeps a stack of its own, because a value that is nested deeply enough would overflow the one of the engine.
 */
export function findUnsafe(value: unknown, maxDepth: number): Unsafe | undefined {
  const open: Place[] = [{ value, depth: 1, key: '', parent: undefined }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, depth } = place;
    if (typeof value === 'string') {
      const expected = textProblem(value);
      if (expected !== undefined) return { path: pathOf(place), expected };
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maxDepth)
      return { path: pathOf(place), expected: `be nested at most ${maxDepth} levels deep` };
    for (const [key, child] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      const below: Place = { value: child, depth: depth + 1, key, parent: place };
      if (typeof key === 'string') {
        const expected = key === '__proto__' ? 'be left away' : textProblem(key);
        if (expected !== undefined) return { path: pathOf(below), expected };
      }
      if (typeof child === 'string' || typeof child === 'object') open.push(below);
    }
  }
  return undefined;
}

function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'be without NUL characters';
  return text.isWellFormed() ? undefined : 'be well-formed Unicode';
}

function pathOf(place: Place): PropertyKey[] {
  const path: PropertyKey[] = [];
  for (let at: Place = place; at.parent !== undefined; at = at.parent) path.unshift(at.key);
  return path;
}
