const enough = 600;

/** The beginning of a text as one line, without the signs that Markdown would make something of. */
export function withoutMarks(text: string): string {
  return text
    .slice(0, enough)
    .replaceAll(/^\s*`{3}.*$/gmu, '')
    .replaceAll(/!?\[([^\]\n]*)\]\([^)\n]*\)/gu, '$1')
    .replaceAll(/^ {0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+)/gmu, '')
    .replaceAll(/(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1/gu, '$2')
    .replaceAll(/(?<![\w*_])([*_])(?=\S)([^*_\n]+)(?<=\S)\1(?![\w*_])/gu, '$2')
    .replaceAll(/`([^`\n]+)`/gu, '$1')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
