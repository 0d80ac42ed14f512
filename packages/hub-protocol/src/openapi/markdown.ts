/** A table of Markdown. Bars in cells are escaped. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function code(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

export function span(text: string): string {
  return `\`${text}\``;
}

/** Parts of a page with an empty line between them; what is undefined is left out. */
export function page(parts: ReadonlyArray<string | undefined>): string {
  return `${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`;
}

/** A page that nobody writes by hand: the formatter lets it stand as it is, and VitePress takes no brace in it for its own. */
export function generated(title: string, body: string): string {
  return page([
    `# ${title}`,
    '<!-- Written by `npm run docs -w @parley/hub-protocol` from the schemas. -->',
    '<!-- prettier-ignore-start -->',
    body.trim(),
    '<!-- prettier-ignore-end -->',
  ]);
}
