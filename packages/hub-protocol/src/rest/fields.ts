import * as z from 'zod/mini';
import { idSchema } from '../ids.ts';
import { limits } from '../limits.ts';
import { sent } from '../modes.ts';
import { text } from '../text.ts';

/** A whole number in a query. Other texts stay texts, and are refused as such. */
export function queryInt(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  return z.pipe(
    z.transform((text: unknown) =>
      typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : text,
    ),
    z.int().check(z.gte(min), z.lte(max)),
  );
}

/** `true` or `false` in a query. */
export const queryFlag = z.pipe(
  z.transform((text: unknown) => (text === 'true' ? true : text === 'false' ? false : text)),
  z.boolean(),
);

/** Several values in a query, with commas between them. */
export function queryList<Item extends z.ZodMiniType>(items: Item) {
  return z.pipe(
    z.transform((text: unknown) => (typeof text === 'string' && text !== '' ? text.split(',') : text)),
    items,
  );
}

/** How many rows of a list, and from where on. */
export const pageQuery = {
  /** @default 50 */
  limit: z.optional(queryInt(1, limits.page)),
  /** `next` of the page before. */
  cursor: z.optional(text(500, 1)),
};

/** As it is listed. It opens nothing. */
export const sessionId = z
  .string()
  .check(z.regex(/^[\w-]{43}$/, { error: 'be the id of a session that was listed' }));

export const ofChannel = sent({ channelId: idSchema });
export const ofMessage = sent({ channelId: idSchema, messageId: idSchema });
export const ofUser = sent({ userId: idSchema });
export const ofMember = sent({ channelId: idSchema, userId: idSchema });
