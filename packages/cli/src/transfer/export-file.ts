import { createReadStream } from 'node:fs';
import { CliError } from '../cli-error.ts';
import type { BrokenLine, SourceLine } from './batches.ts';

/** No message is longer by far. */
const longest = 1_048_576;

/** What the file says that it comes from. */
export async function sourceOf(path: string): Promise<string> {
  for await (const line of linesOf(path)) {
    const source = 'text' in line ? sourceIn(line.text) : undefined;
    if (source !== undefined) return source;
    break;
  }
  throw new CliError('FILE', `${path} is no export: its first line is another one`, {
    hint: 'parley hub import --from slack FOLDER takes an export of Slack, in its folder',
  });
}

function sourceIn(text: string): string | undefined {
  try {
    const header: unknown = JSON.parse(text);
    const isHeader =
      typeof header === 'object' && header !== null && Reflect.get(header, 'parley') === 'export';
    const source: unknown = isHeader ? Reflect.get(header, 'source') : undefined;
    return typeof source === 'string' && source !== '' ? source : undefined;
  } catch {
    return undefined;
  }
}

/** The lines of an export, as they are; those that are too long are told, and passed over without keeping them. */
export async function* linesOf(path: string): AsyncGenerator<SourceLine | BrokenLine> {
  let kept: Buffer[] = [];
  let length = 0;
  let line = 1;
  const take = (): SourceLine | BrokenLine => {
    const text = Buffer.concat(kept).toString('utf8');
    const one =
      length > longest ? { broken: 'it is too long', file: path, line } : { text, file: path, line };
    kept = [];
    length = 0;
    line += 1;
    return one;
  };
  const keep = (piece: Buffer): void => {
    length += piece.length;
    if (length <= longest) kept.push(piece);
    else kept = [];
  };
  try {
    for await (const piece of createReadStream(path)) {
      const bytes: Buffer = Buffer.from(piece);
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        keep(bytes.subarray(from, end));
        yield take();
        from = end + 1;
      }
      keep(bytes.subarray(from));
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new CliError('FILE', `${path} cannot be read${code}`, { cause });
  }
  if (length > 0) yield take();
}
