/** What somebody has begun to name: people by `@`, channels by `#`, emoji by `:`, and commands by `/`. */
export interface Trigger {
  readonly kind: 'who' | 'channel' | 'emoji' | 'command';
  /** What they have typed of it. */
  readonly query: string;
  /** Where the sign stands. */
  readonly start: number;
  readonly end: number;
}

const forms: ReadonlyArray<readonly [kind: Trigger['kind'], form: RegExp]> = [
  ['command', /^\/([a-z0-9_-]*)$/iu],
  ['who', /(?<![\p{L}\p{N}_@./-])@([\p{L}\p{N}._-]*)$/iu],
  ['channel', /(?<![\p{L}\p{N}_#&/])#([a-z0-9_-]*)$/iu],
  // Two letters at the least: `:)` and `:D` are what they are.
  ['emoji', /(?<![\p{L}\p{N}:]):([a-z0-9_+-]{2,})$/iu],
];
const longest = 64;

export function findTrigger(text: string, caret: number): Trigger | undefined {
  const written = text.slice(0, caret);
  // Only one at the very beginning is a command.
  const tail = written.slice(-longest);
  for (const [kind, form] of forms) {
    const query = form.exec(kind === 'command' ? written.slice(0, longest) : tail)?.[1];
    if (query === undefined || (kind === 'command' && written.length > longest)) continue;
    if (kind !== 'command' && isInCode(written)) return undefined;
    return { kind, query: query.toLowerCase(), start: caret - query.length - 1, end: caret };
  }
  return undefined;
}

/** What is shown as it is written speaks to nobody. */
function isInCode(written: string): boolean {
  const open = written.replaceAll(/```[\s\S]*?```/gu, ' ');
  const line = open.split('\n').at(-1) ?? '';
  return open.includes('```') || line.replaceAll(/`[^`]*`/gu, ' ').includes('`');
}
