/** Three significant digits, with a suffix for large numbers. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  // At the edges rounding would carry over: 999,999 is 1.00M and not 1000k.
  if (size >= 999.5e6) return `${(value / 1e9).toPrecision(3)}G`;
  if (size >= 999.5e3) return `${(value / 1e6).toPrecision(3)}M`;
  if (size >= 9995) return `${(value / 1e3).toPrecision(3)}k`;
  if (size >= 999.5) return value.toFixed(0);
  if (Number.isInteger(value)) return String(value);
  return size < 0.001 ? value.toExponential(1) : value.toPrecision(3);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)}%`;
}

/** Columns aligned; those in which every cell is a figure stand to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = head.map((title, index) => {
    const cells = rows.map((row) => row[index] ?? '');
    return {
      width: Math.max(title.length, ...cells.map((cell) => cell.length)),
      right: cells.every((cell) => /^(?:-|±?\d.*)?$/u.test(cell)),
    };
  });
  const line = (cells: readonly string[]) =>
    columns
      .map(
        ({ width, right }, index) =>
          (right ? cells[index]?.padStart(width) : cells[index]?.padEnd(width)) ?? '',
      )
      .join('  ')
      .trimEnd();
  return [line(head), line(columns.map(({ width }) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
