import * as z from 'zod/mini';
import { checkReceived } from '../check.ts';
import { HubError } from '../errors.ts';
import { problemOf, printPath } from '../issues.ts';
import { received } from '../modes.ts';
import { eventInfo } from './event-info.ts';
import {
  envelopeSchema,
  envelopeShape,
  hubEventSchema,
  type Envelope,
  type HubEvent,
  type UnknownEvent,
} from './event.ts';

const typed = z.looseObject({ type: z.string() });

/**
 * An event with what surrounds it, as a client reads it: only what surrounds it must be whole, so that no number of a log is missed
 * because of an event that this version does not know.
 */
export const readEnvelopeSchema = received({
  event: z.pipe(typed, z.transform(readEvent)),
  ...envelopeShape,
});

/**
 * An event that must be known and whole.
 *
 * @throws {HubError} `UNKNOWN_TYPE`, or `INVALID` with the field that is wrong
 */
export function parseEvent(value: unknown): Envelope {
  const { event } = checkReceived(received({ event: typed }), value);
  if (isEventType(event.type)) return checkReceived(envelopeSchema, value);
  throw new HubError('UNKNOWN_TYPE', `event.type must be one of ${Object.keys(eventInfo).join(', ')}`, {
    field: 'event.type',
  });
}

/**
 * An event that may be one of a later version.
 *
 * @throws {HubError} `INVALID` with the field of the envelope that is wrong
 */
export function parseEnvelope(value: unknown): Envelope<HubEvent | UnknownEvent> {
  return checkReceived(readEnvelopeSchema, value);
}

function readEvent(event: z.infer<typeof typed>): HubEvent | UnknownEvent {
  const name = event.type.slice(0, 100);
  if (!isEventType(event.type)) return { type: 'unknown', name, fault: null };
  const result = z.safeParse(hubEventSchema, event);
  if (result.success) return result.data;
  const { path, expected } = problemOf(result.error.issues);
  return { type: 'unknown', name, fault: `${printPath(path)} must ${expected}` };
}

function isEventType(type: string): boolean {
  return Object.hasOwn(eventInfo, type);
}
