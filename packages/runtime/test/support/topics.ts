import { defineTopic } from '@parley/bus';
import { z } from 'zod';

/** What processes of these tests have in common. */
export const notes = defineTopic('note', { class: 'stream', schema: z.string() });
export const mails = defineTopic('mail', { class: 'queue', schema: z.string() });
export const sums = defineTopic('sum', { class: 'request', schema: z.number(), reply: z.number() });
