import * as z from 'zod/mini';
import { received } from './modes.ts';

/** RFC 9457, `application/problem+json`; the same object stands in `error` frames. */
export const problemSchema = received({
  /** `urn:parley:error:` and the code. */
  type: z.string(),
  /** What the code means, for people. */
  title: z.string(),
  status: z.int(),
  /** What programs compare. */
  code: z.string(),
  /** What happened this time, for people. */
  detail: z.string(),
  /** The field at fault, as a path: `content`, `userIds[2]`. */
  field: z.optional(z.string()),
  /** Whether the same request may succeed later, unchanged. */
  retryable: z.boolean(),
  /** Milliseconds to wait before that. */
  retryAfter: z.optional(z.int()),
  /** Finds the request in the hub's log. */
  requestId: z.optional(z.string()),
});
export type Problem = z.infer<typeof problemSchema>;
