import type { DestinationStream } from 'pino';

/** What every line has, and people need not be told. */
const usual = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg', 'error', 'err']);

const words: readonly (readonly [from: number, word: string])[] = [
  [50, 'error'],
  [40, 'warning'],
  [30, 'info'],
  [0, 'debug'],
];

/** Turns the lines of a log into such as people read: `12:00:01 warning: A log could not be read (channelId=...)`. */
export function textLog(to: DestinationStream): DestinationStream {
  return { write: (line) => to.write(`${textOf(line)}\n`) };
}

function textOf(line: string): string {
  const entry: Readonly<Record<string, unknown>> = JSON.parse(line);
  const level = Number(entry['level']);
  const time = new Date(Number(entry['time'])).toTimeString().slice(0, 8);
  const word = words.find(([from]) => level >= from)?.[1] ?? 'debug';
  const error = fieldsOf(entry['error'] ?? entry['err']);
  const fields = Object.entries(entry).flatMap(([name, value]) =>
    usual.has(name) || value === undefined ? [] : `${name}=${shown(value)}`,
  );
  const because = error['message'] === undefined ? '' : `: ${shown(error['message'])}`;
  const more = fields.length === 0 ? '' : ` (${fields.join(', ')})`;
  // Where it happened is of use for what should not happen.
  const stack = level >= 50 && typeof error['stack'] === 'string' ? framesOf(error['stack']) : '';
  return `${time} ${word}: ${shown(entry['msg'] ?? '')}${because}${more}${stack}`;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** No line of another's making: what somebody sent must not look like a line of the log, and moves no cursor. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

function framesOf(stack: string): string {
  const frames = stack.split('\n').filter((frame) => frame.startsWith('    at '));
  return frames.map((frame) => `\n    ${shown(frame.trim())}`).join('');
}
