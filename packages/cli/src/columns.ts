/** Rows with their columns one below the other. What is wider than `most` stands on a line of its own. */
export function columns(rows: ReadonlyArray<readonly string[]>, most = 30): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries())
      if (i === row.length - 1 || widthOf(cell) <= most) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
  return rows.flatMap((row) => {
    const [first = '', ...rest] = row;
    if (rest.length === 0 || widthOf(first) <= (widths[0] ?? 0)) return [line(row, widths)];
    return [first, line(['', ...rest], widths)];
  });
}

function line(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - widthOf(cell))))
    .join('  ')
    .trimEnd();
}

const escapes = new RegExp(`${String.fromCodePoint(0x1b)}\\[[0-9;]*m`, 'g');

/** Colours take no room, and characters that are two units of a string take one place. */
function widthOf(text: string): number {
  return Array.from(text.replaceAll(escapes, '')).length;
}
