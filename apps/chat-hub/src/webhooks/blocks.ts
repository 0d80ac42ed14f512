type Fields = Readonly<Record<string, unknown>>;

/**
 * What Slack's blocks say: headers, and the text, fields and elements of sections and contexts. Pictures, buttons and whatever else there is or will
 * be say nothing here.
 */
export function textOfBlocks(blocks: readonly unknown[] | null | undefined): string[] {
  return (blocks ?? []).flatMap((block) => {
    if (!isFields(block)) return [];
    const { text, fields, elements } = block;
    if (block['type'] === 'header') return said(text);
    if (block['type'] === 'section') return [...said(text), ...listOf(fields).flatMap(said)];
    if (block['type'] === 'context') return listOf(elements).flatMap(said);
    return [];
  });
}

function said(part: unknown): string[] {
  if (!isFields(part)) return [];
  const { text } = part;
  return typeof text === 'string' && text.trim() !== '' ? [text] : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
