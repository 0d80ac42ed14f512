import * as z from 'zod/mini';
import { invalid, problemOf } from './issues.ts';
import { limits } from './limits.ts';
import { findUnsafe } from './safe-json.ts';

/**
 * What a client sent, once it is known to be what the schema says. Everything that came as JSON from outside goes through here.
 *
 * @throws {HubError} `INVALID`, naming the field and never its value
 */
export function checkSent<S extends z.ZodMiniType>(schema: S, value: unknown): z.output<S> {
  const unsafe = findUnsafe(value, limits.depth);
  if (unsafe) throw invalid(unsafe.path, unsafe.expected);
  return checkReceived(schema, value);
}

/**
 * What the hub sent, once it is known to be what the schema says.
 *
 * @throws {HubError} `INVALID`, naming the field and never its value
 */
export function checkReceived<S extends z.ZodMiniType>(schema: S, value: unknown): z.output<S> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const { path, expected } = problemOf(result.error.issues);
  throw invalid(path, expected);
}
