import * as z from 'zod/mini';
import { received } from '../modes.ts';
import { messageSchema } from './message.ts';

/** A message that was found. */
export const foundSchema = received({
  message: messageSchema,
  /** A piece of its text around what was searched for, in parts: shown one after another, never as anything but text. */
  snippet: z.array(received({ text: z.string(), marked: z.boolean() })),
});
export type Found = z.infer<typeof foundSchema>;
