import * as z from 'zod/mini';
import { checkReceived } from '../check.ts';
import { HubError } from '../errors.ts';
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

const outside = received({ event: z.looseObject({ type: z.string() }), ...envelopeShape });

/**
 * An event that must be known and whole.
 *
 * @throws {HubError} `UNKNOWN_TYPE`, or `INVALID` with the field that is wrong
 */
export function parseEvent(value: unknown): Envelope {
  const { event } = checkReceived(outside, value);
  if (Object.hasOwn(eventInfo, event.type)) return checkReceived(envelopeSchema, value);
  throw new HubError('UNKNOWN_TYPE', `event.type must be one of ${Object.keys(eventInfo).join(', ')}`, {
    field: 'event.type',
  });
}

/**
 * An event as a client reads it: only what surrounds it must be whole, so that no number of a log is missed because of an event that
 * this version does not know.
 *
 * @throws {HubError} `INVALID` with the field that is wrong
 */
export function parseEnvelope(value: unknown): Envelope<HubEvent | UnknownEvent> {
  const { event, ...rest } = checkReceived(outside, value);
  return { ...rest, event: readEvent(event) };
}

function readEvent(event: { type: string }): HubEvent | UnknownEvent {
  const name = event.type.slice(0, 100);
  if (!Object.hasOwn(eventInfo, event.type)) return { type: 'unknown', name, fault: null };
  try {
    return checkReceived(hubEventSchema, event);
  } catch (error) {
    if (error instanceof HubError) return { type: 'unknown', name, fault: error.message };
    throw error;
  }
}
