import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { Call } from '../../chat/chat.ts';

interface Sides {
  readonly width: number;
  readonly height: number;
}

export interface Preview extends Sides {
  readonly bytes: Buffer;
  /** Of the picture that it was made of. */
  readonly image: Sides;
}

/** `not now`: no process could be had, or it was not done in time. Undefined: none can be made of it. */
type Outcome = Preview | 'not now' | undefined;

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const program = fileURLToPath(new URL(`./preview-program.${extension}`, import.meta.url));

/** A preview is a picture of some hundred points. */
const largestPreview = 1_048_576;

/** Hands a picture to a process, and takes what it makes of it. Never rejects. */
export async function runProgram(
  picture: Readable,
  { limitMs, signal }: Call & { readonly limitMs: number },
): Promise<Outcome> {
  const child = begin(limitMs, signal);
  if (child === undefined) return 'not now';
  return new Promise((resolve) => {
    // Where there are no descriptors for its pipes there is nothing but this event: not even the pipes that its type knows.
    child.on('error', () => resolve('not now'));
    const { stdin, stdout } = child;
    if (!(stdin instanceof Writable) || !(stdout instanceof Readable)) return;
    const pieces: Buffer[] = [];
    let size = 0;
    let broken = false;
    picture.once('error', () => (broken = true));
    stdout.on('data', (piece: Buffer) => {
      pieces.push(piece);
      size += piece.length;
      if (size > largestPreview) child.kill('SIGKILL');
    });
    child.on('close', (code, killedBy) => {
      if (broken) resolve('not now');
      else if (code === 0) resolve(previewIn(Buffer.concat(pieces)));
      else resolve(killedBy === 'SIGKILL' && size <= largestPreview ? 'not now' : undefined);
    });
    // A process that has seen enough reads no further.
    pipeline(picture, stdin).catch(() => undefined);
    yieldMemoryFirst(child.pid);
  });
}

/** Undefined: there are too many processes or descriptors. */
function begin(limitMs: number, signal: AbortSignal | undefined): ChildProcess | undefined {
  try {
    return spawn(
      process.execPath,
      ['--max-old-space-size=64', '--disable-warning=ExperimentalWarning', program],
      {
        stdio: ['pipe', 'pipe', 'ignore'],
        // Nothing of what the hub was told.
        env: {},
        timeout: limitMs,
        killSignal: 'SIGKILL',
        signal,
      },
    );
  } catch {
    return undefined;
  }
}

/** Where memory runs out, a picture is what can be done without: Linux ends this process before any other. */
function yieldMemoryFirst(pid: number | undefined): void {
  if (pid !== undefined) writeFile(`/proc/${pid}/oom_score_adj`, '1000').catch(() => undefined);
}

/** A line with the sides of both, and behind it the picture. */
function previewIn(output: Buffer): Preview | undefined {
  const end = output.indexOf('\n');
  if (end < 0) return undefined;
  const [width, height, previewWidth, previewHeight] = output
    .toString('latin1', 0, end)
    .split(' ')
    .map(Number);
  const sides = [width, height, previewWidth, previewHeight];
  if (!sides.every((side) => Number.isSafeInteger(side) && Number(side) > 0)) return undefined;
  return {
    bytes: output.subarray(end + 1),
    width: Number(previewWidth),
    height: Number(previewHeight),
    image: { width: Number(width), height: Number(height) },
  };
}
