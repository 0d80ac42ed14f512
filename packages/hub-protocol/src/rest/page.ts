import * as z from 'zod/mini';
import { received } from '../modes.ts';

/** A page of a list. `next` leads to the following one; null: there is none. */
export function pageOf<T extends z.ZodMiniType>(item: T) {
  return received({ items: z.array(item), next: z.nullable(z.string()) });
}
