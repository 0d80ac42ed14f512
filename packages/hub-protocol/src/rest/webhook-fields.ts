import * as z from 'zod/mini';
import { limits } from '../limits.ts';
import { text } from '../text.ts';

/** Where the hub posts to, as somebody gives it. */
export const addressSchema = text(limits.webhookUrl, 1).check(
  z.refine((given) => URL.canParse(given) && /^https?:$/.test(new URL(given).protocol), {
    error: 'be an address with http or https',
  }),
);

/** The end of an address that whoever knows it may post to. */
export const hookSecretSchema = z
  .string()
  .check(z.regex(/^[\w-]{43}$/, { error: 'be the end of the address that was told' }));
