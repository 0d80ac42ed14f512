import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CliError, usageError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { World } from '../world.ts';
import { isWhole } from './is-whole.ts';

export interface Destination {
  readonly path: string;
  /** Whether a file that is there is replaced. */
  readonly force: boolean;
  /** By gzip. */
  readonly packed: boolean;
}

/**
 * Writes lines that the hub sends, of which the last one says that it is the last, to a file that is there when all of it is, and not before. Answers
 * how many bytes that are.
 */
export async function save(
  ask: (signal: AbortSignal) => Promise<Response>,
  { path, force, packed }: Destination,
  { onInterrupt }: Pick<World, 'onInterrupt'>,
): Promise<number> {
  const over = new AbortController();
  const { signal } = over;
  const stop = onInterrupt(() => over.abort());
  const unfinished = `${path}.${randomUUID()}.part`;
  let bytes = 0;
  const counting = new Transform({
    transform(piece: Buffer, _, done) {
      bytes += piece.length;
      done(null, piece);
    },
  });
  try {
    const { body } = await ask(signal);
    if (body === null) throw new CliError('FILE', 'the hub answered with nothing');
    // It has secrets, or what people wrote: nobody else on this machine reads it.
    const file = createWriteStream(unfinished, { flags: 'wx', mode: 0o600, flush: true });
    await whatever(path, pipeline(Readable.fromWeb(body), counting, file, { signal }));
    // Behind some proxies, what was cut off ends like what is whole.
    if (!(await isWhole(unfinished, packed))) throw notThere(path, ': it ends in the middle');
    await whatever(path, putInPlace(unfinished, path, force));
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new CliError('INTERRUPTED', `${path} is not there: it was interrupted`, {
      exitCode: exitCodes.interrupted,
      cause,
    });
  } finally {
    stop();
    await rm(unfinished, { force: true });
  }
  return bytes;
}

export async function requireFree(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw usageError(`${path} is there already`, 'Name another one, or add --force');
}

async function putInPlace(from: string, path: string, force: boolean): Promise<void> {
  if (force) await rename(from, path);
  // Not every file system has links; where somebody made such a file meanwhile, theirs stays.
  else await link(from, path).catch(() => requireFree(path).then(() => rename(from, path)));
  await sync(dirname(path));
}

/** The name of a file is kept by its folder. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function whatever(path: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    throw cause instanceof CliError ? cause : notThere(path, reasonOf(cause), cause);
  }
}

function notThere(path: string, reason: string, cause?: unknown): CliError {
  return new CliError('FILE', `${path} could not be written as a whole, and is not there${reason}`, {
    cause,
  });
}

function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return `: there is no room left where it would be (${code})`;
  return code === '' ? '' : ` (${code})`;
}
