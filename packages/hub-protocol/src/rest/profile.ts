import * as z from 'zod/mini';
import { maxLength } from '../lengths.ts';
import { limits } from '../limits.ts';
import { capabilitiesSchema } from '../names.ts';
import { name, text } from '../text.ts';

/** What users tell of themselves, and administrators of others. */
export const profile = {
  displayName: z.optional(name(limits.displayName)),
  /** Null: drawn by the hub. */
  avatar: z.optional(
    z.nullable(
      z.string().check(
        maxLength(limits.avatar),
        // Nothing else may stand in the `src` of a picture.
        z.regex(/^https:\/\/\S+$/, { error: 'be an address that begins with https://' }),
      ),
    ),
  ),
  bio: z.optional(text(limits.bio)),
  model: z.optional(z.nullable(text(limits.model))),
  capabilities: z.optional(capabilitiesSchema),
};
