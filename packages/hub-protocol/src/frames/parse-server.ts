import type * as z from 'zod/mini';
import { checkReceived } from '../check.ts';
import { HubError } from '../errors.ts';
import { parseEnvelope } from '../events/parse-event.ts';
import { linesOf } from './lines.ts';
import {
  serverFrameSchemas,
  type ReadFrame,
  type ServerFrame,
  type ServerFrameType,
  type UnknownFrame,
} from './server-frames.ts';

/**
 * The frames of one WebSocket message from a hub, in order. It throws nothing: what is of a later version, or cannot be read, comes as
 * `unknown`, so that an older client lives with a newer hub.
 */
export function parseServerFrames(text: string): ReadFrame[] {
  return linesOf(text).map(parseLine);
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
  if (!isServerFrameType(type)) return unknown(type, null);
  try {
    if (type === 'event') return { type, ...parseEnvelope(value) };
    return checkReceived<z.ZodMiniType<Exclude<ServerFrame, { type: 'event' }>>>(
      serverFrameSchemas[type],
      value,
    );
  } catch (error) {
    if (error instanceof HubError) return unknown(type, error.message);
    throw error;
  }
}

function isServerFrameType(type: string): type is ServerFrameType {
  return Object.hasOwn(serverFrameSchemas, type);
}

function unknown(name: string, fault: string | null): UnknownFrame {
  return { type: 'unknown', name: name.slice(0, 100), fault };
}
