import { defineTopic, type Topic } from '@parley/bus';
import * as z from 'zod/mini';

/** A webhook has something to tell. Of two turns the later one counts. */
export interface TurnJob {
  readonly webhookId: string;
  readonly turn: number;
}

/**
 * Turns of webhooks. Deliveries themselves wait in their table: an address that hangs holds up one worker with one turn, however much it has
 * missed, and a queue that was lost has lost nothing.
 */
export const turnTopic: Topic<TurnJob, 'queue'> = defineTopic('hub-webhooks', {
  class: 'queue',
  schema: z.object({ webhookId: z.string(), turn: z.int() }),
});
