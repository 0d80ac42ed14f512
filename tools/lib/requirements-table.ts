/** One line of `docs/requirements.md`: a promise, where it is kept, and what shows that it is. */
export interface RequirementRow {
  readonly id: string;
  readonly promise: string;
  readonly packages: string;
  /** Link targets of the page column, as written. */
  readonly pages: readonly string[];
  readonly shownBy: readonly Reference[];
  readonly status: string;
  readonly line: number;
}

export type Reference =
  | { readonly kind: 'test'; readonly text: string; readonly file: string; readonly name: string | undefined }
  | { readonly kind: 'result'; readonly text: string; readonly file: string; readonly scenario: string };

export interface ParsedTable {
  readonly rows: readonly RequirementRow[];
  readonly problems: readonly string[];
}

const columns = ['id', 'promise', 'package', 'page', 'shown by', 'status'];

/** Reads every table whose header is exactly our columns; other tables of the page are none of our business. */
export function parseTable(markdown: string): ParsedTable {
  const rows: RequirementRow[] = [];
  const problems: string[] = [];
  let inside = false;
  for (const [index, text] of markdown.split('\n').entries()) {
    const line = index + 1;
    if (!text.trimStart().startsWith('|')) {
      inside = false;
      continue;
    }
    const cells = splitCells(text);
    if (cells.map((cell) => cell.toLowerCase()).join('|') === columns.join('|')) {
      inside = true;
      continue;
    }
    if (!inside || cells.every((cell) => /^:?-+:?$/.test(cell))) continue;
    if (cells.length !== columns.length) {
      problems.push(
        `line ${line}: ${cells.length} cells where ${columns.length} belong (${columns.join(' | ')})`,
      );
      continue;
    }
    const [id = '', promise = '', packages = '', page = '', shownBy = '', status = ''] = cells;
    const references = readReferences(shownBy);
    for (const text of references.unread)
      problems.push(`line ${line} (${id}): cannot read "${text}" in "shown by"`);
    rows.push({ id, promise, packages, pages: linkTargets(page), shownBy: references.read, status, line });
  }
  return { rows, problems };
}

function splitCells(line: string): string[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll(String.raw`\|`, '|'));
}

function linkTargets(cell: string): string[] {
  return [...cell.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
}

/** Each reference is a code span; whatever stands outside of them must be separators, or a typing slip would go unseen. */
function readReferences(cell: string): { read: Reference[]; unread: string[] } {
  const read: Reference[] = [];
  const unread: string[] = [];
  for (const match of cell.matchAll(/`([^`]*)`/g)) {
    const text = (match[1] ?? '').trim();
    const reference = readReference(text);
    if (reference) read.push(reference);
    else unread.push(text);
  }
  const outside = cell.replaceAll(/`[^`]*`/g, '').replaceAll(/<br\s*\/?>/g, '');
  const rest = outside.replaceAll(/[\s,;–—-]/g, '');
  if (rest !== '') unread.push(outside.trim());
  return { read, unread };
}

function readReference(text: string): Reference | undefined {
  const result = /^(?<file>[^\s#>]+\.json)#(?<scenario>\S.*)$/.exec(text)?.groups;
  if (result) return { kind: 'result', text, file: result['file'] ?? '', scenario: result['scenario'] ?? '' };
  const test = /^(?<file>[^\s>]+\.test\.tsx?)(?:\s+>\s+(?<name>\S.*))?$/.exec(text)?.groups;
  if (test) return { kind: 'test', text, file: test['file'] ?? '', name: test['name'] };
  return undefined;
}
