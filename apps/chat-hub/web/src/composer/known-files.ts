import type { File } from '@parley/hub-protocol';

const mostKept = 200;
const known = new Map<string, File>();

/** Own files are shown with their message before the hub has told of it. */
export function noteFile(file: File): void {
  known.delete(file.id);
  known.set(file.id, file);
  for (const id of known.keys()) {
    if (known.size <= mostKept) break;
    known.delete(id);
  }
}

/** Those that were uploaded from this page. */
export const knownFiles = (ids: readonly string[]): readonly File[] =>
  ids.flatMap((id) => known.get(id) ?? []);
