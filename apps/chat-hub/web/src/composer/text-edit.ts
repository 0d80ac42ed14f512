/** A change of a text: what stands from `start` to `end` is replaced, and something is selected then. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly select: readonly [start: number, end: number];
}

/** A way to change a text where something is selected. */
export type Formatting = (value: string, start: number, end: number) => TextEdit;

/** Puts signs around what is selected, or takes them away. Blanks at its ends stay outside: Markdown wants it so. */
const around =
  (mark: string): Formatting =>
  (value, from, to) => {
    const chosen = value.slice(from, to);
    const start = from + (chosen.length - chosen.trimStart().length);
    const end = chosen.trim() === '' ? start : to - (chosen.length - chosen.trimEnd().length);
    const size = mark.length;
    const inside = value.slice(start, end);
    const isAround =
      value.slice(start - size, start) === mark &&
      value.slice(end, end + size) === mark &&
      // One star is not half of two.
      (size > 1 || value[start - 2] !== mark || mark === '`');
    if (isAround)
      return {
        start: start - size,
        end: end + size,
        text: inside,
        select: [start - size, end - size],
      };
    return { start, end, text: `${mark}${inside}${mark}`, select: [start + size, end + size] };
  };

/** Puts a sign before each line that is selected, or takes it away from all of them. */
const before =
  (prefix: (line: number) => string, isThere: RegExp): Formatting =>
  (value, from, to) => {
    const start = value.lastIndexOf('\n', from - 1) + 1;
    const next = value.indexOf('\n', to);
    const end = next < 0 ? value.length : next;
    const lines = value.slice(start, end).split('\n');
    const text = (
      lines.every((line) => isThere.test(line))
        ? lines.map((line) => line.replace(isThere, ''))
        : lines.map((line, at) => prefix(at) + line)
    ).join('\n');
    const caret = start + text.length;
    return { start, end, text, select: from === to ? [caret, caret] : [start, caret] };
  };

const codeBlock: Formatting = (value, start, end) => {
  const lead = start === 0 || value[start - 1] === '\n' ? '' : '\n';
  const inside = value.slice(start, end);
  const text = `${lead}\`\`\`\n${inside}\n\`\`\`${end === value.length || value[end] === '\n' ? '' : '\n'}`;
  const first = start + lead.length + 4;
  return { start, end, text, select: [first, first + inside.length] };
};

/** The address is selected: it is what is missing. */
const link: Formatting = (value, start, end) => {
  const inside = value.slice(start, end);
  if (/^https?:\/\/\S+$/u.test(inside))
    return { start, end, text: `[](${inside})`, select: [start + 1, start + 1] };
  const text = `[${inside}](https://)`;
  const address = start + inside.length + 3;
  return { start, end, text, select: inside === '' ? [start + 1, start + 1] : [address, address + 8] };
};

export const formattings = {
  bold: around('**'),
  italic: around('_'),
  code: around('`'),
  codeBlock,
  list: before(() => '- ', /^[-*] /u),
  numbers: before((line) => `${line + 1}. `, /^\d+\. /u),
  quote: before(() => '> ', /^> ?/u),
  link,
} as const;

/** Whether a place in a text is within a block of code that is not closed yet. */
export function isInCodeBlock(value: string, at: number): boolean {
  return (value.slice(0, at).match(/^```/gmu)?.length ?? 0) % 2 === 1;
}

/** Changes what somebody writes, so that the browser can undo it. */
export function applyEdit(area: HTMLTextAreaElement, { start, end, text, select }: TextEdit): void {
  area.focus();
  area.setSelectionRange(start, end);
  const wanted = area.value.slice(0, start) + text + area.value.slice(end);
  // Nothing else puts it into the history of changes.
  if (text !== '' || start !== end) document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
  if (area.value !== wanted) {
    area.setRangeText(wanted, 0, area.value.length, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
  area.setSelectionRange(...select);
}
