import * as z from 'zod/mini';
import { received } from '../modes.ts';

/** What became of lines that were imported. */
export const importReportSchema = received({
  /** How many are new here. */
  added: z.int(),
  /** How many were there already. */
  known: z.int(),
  /** Lines that were passed over, counted from 1 in what was sent, and why. */
  refused: z.array(received({ line: z.int(), reason: z.string() })),
});
export type ImportReport = z.output<typeof importReportSchema>;
