import { HubError } from '../errors.ts';
import type { Envelope, HubEvent, UnknownEvent } from '../events/event.ts';
import { envelope } from '../received/events.ts';
import { frameFields } from '../received/frames.ts';
import { readReceived } from '../received/reader.ts';
import { linesOf } from './lines.ts';
import type { ReadFrame, UnknownFrame } from './server-frames.ts';

/**
 * The frames of one WebSocket message from a hub, in order. It throws nothing: what is of a later version, or cannot be read, comes as
 * `unknown`, so that an older client lives with a newer hub.
 */
export function parseServerFrames(text: string): ReadFrame[] {
  return linesOf(text).map(parseLine);
}

/**
 * An event that may be one of a later version.
 *
 * @throws {HubError} `INVALID` with the field of the envelope that is wrong
 */
export function parseEnvelope(value: unknown): Envelope<HubEvent | UnknownEvent> {
  return readReceived(envelope, value);
}

function parseLine(line: string): ReadFrame {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return unknown('', 'it must be one line of JSON');
  }
  const type: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'type') : undefined;
  if (typeof type !== 'string') return unknown('', 'type must be a string');
  try {
    if (type === 'event') return { type, ...parseEnvelope(value) };
    if (!isKnown(type)) return unknown(type, null);
    // The type and the fields of one frame.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return { type, ...readReceived<object>(frameFields[type], value) } as ReadFrame;
  } catch (error) {
    if (error instanceof HubError) return unknown(type, error.message);
    throw error;
  }
}

function isKnown(type: string): type is keyof typeof frameFields {
  return Object.hasOwn(frameFields, type);
}

function unknown(name: string, fault: string | null): UnknownFrame {
  return { type: 'unknown', name: name.slice(0, 100), fault };
}
