/** A line that is to be imported, and where it is from. */
export interface SourceLine {
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

/** What is wrong already before it is handed over. */
export interface BrokenLine {
  readonly broken: string;
  readonly file: string;
  readonly line: number;
}

/** Well below what a hub takes at once. */
const mostLines = 1_000;
const mostBytes = 1_048_576;

/** As many lines as are handed over at once; those that are broken apart. */
export async function* batchesOf(
  lines: AsyncIterable<SourceLine | BrokenLine>,
  onBroken: (line: BrokenLine) => void,
): AsyncGenerator<SourceLine[]> {
  let batch: SourceLine[] = [];
  let bytes = 0;
  for await (const line of lines) {
    if ('broken' in line) {
      onBroken(line);
      continue;
    }
    const size = Buffer.byteLength(line.text) + 1;
    if (batch.length >= mostLines || (batch.length > 0 && bytes + size > mostBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(line);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
