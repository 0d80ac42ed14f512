import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { CliError } from './cli-error.ts';

/** More than any text that the hub takes. */
const most = 1_000_000;

/** Everything that comes, as text. */
export async function readAll(stdin: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stdin) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > most) throw new CliError('TOO_LARGE', `standard input is longer than ${most} bytes`);
    parts.push(bytes);
  }
  return decode(Buffer.concat(parts));
}

/** Text as it comes, in parts that are whole characters. */
export async function* readParts(stdin: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  for await (const part of stdin) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > most) throw new CliError('TOO_LARGE', `standard input is longer than ${most} bytes`);
    yield decodeBy(decoder, bytes, true);
  }
  yield decodeBy(decoder, undefined, false);
}

/** The first line, without its end; undefined: there is none. What follows stays unread. */
export async function readLine(stdin: Readable): Promise<string | undefined> {
  let bytes = Buffer.alloc(0);
  for await (const part of stdin) {
    bytes = Buffer.concat([bytes, Buffer.from(part)]);
    const end = bytes.indexOf('\n');
    if (end >= 0) return decode(bytes.subarray(0, end)).replace(/\r$/, '');
    if (bytes.length > most) throw new CliError('TOO_LARGE', 'standard input has no end of a line');
  }
  return bytes.length === 0 ? undefined : decode(bytes);
}

function decode(bytes: Buffer): string {
  return decodeBy(new TextDecoder('utf-8', { fatal: true }), bytes, false);
}

function decodeBy(decoder: TextDecoder, bytes: Buffer | undefined, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch (cause) {
    throw new CliError('NOT_TEXT', 'standard input is not text in UTF-8', { cause });
  }
}
