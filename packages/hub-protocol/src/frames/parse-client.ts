import * as z from 'zod/mini';
import { checkSent } from '../check.ts';
import { HubError } from '../errors.ts';
import { refSchema } from '../names.ts';
import { limits } from '../limits.ts';
import { version } from '../version.ts';
import { clientFrameSchemas, type ClientFrame, type ClientFrameType } from './client-frames.ts';
import { linesOf } from './lines.ts';

/** One frame of a client: what it is, or why it is none. */
export type ClientFrameResult =
  | { readonly frame: ClientFrame }
  | {
      readonly error: HubError;
      /** The `ref` of the frame that is refused, when it could be read: it goes into the `error` frame. */
      readonly ref: string | undefined;
    };

/**
 * The frames of one WebSocket message from a client, in order. One that is refused keeps nothing from those around it.
 *
 * `MALFORMED` and `TOO_LARGE` mean that the other side does not speak this protocol: the connection is closed, see `closeCodes`.
 */
export function parseClientFrames(text: string): ClientFrameResult[] {
  if (text.length > limits.frameBytes)
    return [{ error: tooLarge(`${limits.frameBytes} bytes`), ref: undefined }];
  const lines = linesOf(text);
  if (lines.length > limits.framesPerMessage)
    return [{ error: tooLarge(`${limits.framesPerMessage} frames`), ref: undefined }];
  return lines.map(parseLine);
}

/**
 * A single frame of a client.
 *
 * @throws {HubError} with the field that is wrong
 */
export function parseClientFrame(line: string): ClientFrame {
  if (line.length > limits.frameBytes) throw tooLarge(`${limits.frameBytes} bytes`);
  const result = parseLine(line);
  if ('frame' in result) return result.frame;
  throw result.error;
}

function parseLine(line: string): ClientFrameResult {
  let ref: string | undefined;
  try {
    const value = parseJson(line);
    ref = refOf(value);
    return { frame: toFrame(value) };
  } catch (error) {
    if (error instanceof HubError) return { error, ref };
    throw error;
  }
}

function toFrame(value: object): ClientFrame {
  const type: unknown = Reflect.get(value, 'type');
  if (typeof type !== 'string') throw new HubError('INVALID', 'type must be a string', { field: 'type' });
  if (!isClientFrameType(type))
    throw new HubError('UNKNOWN_TYPE', `type must be one of ${Object.keys(clientFrameSchemas).join(', ')}`, {
      field: 'type',
    });
  // Before anything else of it is looked at: the `hello` of another version may have another shape.
  if (type === 'hello') requireVersion(Reflect.get(value, 'version'));
  return checkSent<z.ZodMiniType<ClientFrame>>(clientFrameSchemas[type], value);
}

function requireVersion(given: unknown): void {
  if (!Number.isSafeInteger(given) || given === version) return;
  throw new HubError('UNSUPPORTED_VERSION', `version must be ${version}`, { field: 'version' });
}

function isClientFrameType(type: string): type is ClientFrameType {
  return Object.hasOwn(clientFrameSchemas, type);
}

function parseJson(line: string): object {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new HubError('MALFORMED', 'a frame must be one line of JSON', { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new HubError('MALFORMED', 'a frame must be a JSON object');
}

function refOf(value: object): string | undefined {
  const ref = z.safeParse(refSchema, Object.hasOwn(value, 'ref') ? Reflect.get(value, 'ref') : undefined);
  return ref.success ? ref.data : undefined;
}

function tooLarge(bound: string): HubError {
  return new HubError('TOO_LARGE', `a message of frames must have at most ${bound}`);
}
