import * as z from 'zod/mini';
import { checkReceived } from '../check.ts';
import { HubError } from '../errors.ts';
import { received } from '../modes.ts';
import { readEvent } from '../received/events.ts';
import { eventInfo } from './event-info.ts';
import { envelopeSchema, envelopeShape, type Envelope } from './event.ts';

const typed = z.looseObject({ type: z.string() });

/**
 * An event with what surrounds it, as a client reads it: only what surrounds it must be whole, so that no number of a log is missed
 * because of an event that this version does not know.
 */
export const readEnvelopeSchema = received({
  event: z.pipe(
    typed,
    z.transform((event: z.infer<typeof typed>) => readEvent(event)),
  ),
  ...envelopeShape,
});

/**
 * An event that must be known and whole.
 *
 * @throws {HubError} `UNKNOWN_TYPE`, or `INVALID` with the field that is wrong
 */
export function parseEvent(value: unknown): Envelope {
  const { event } = checkReceived(received({ event: typed }), value);
  if (Object.hasOwn(eventInfo, event.type)) return checkReceived(envelopeSchema, value);
  throw new HubError('UNKNOWN_TYPE', `event.type must be one of ${Object.keys(eventInfo).join(', ')}`, {
    field: 'event.type',
  });
}
