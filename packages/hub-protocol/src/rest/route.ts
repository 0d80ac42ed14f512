import type * as z from 'zod/mini';
import type { Access, ChannelAccess } from '../access.ts';
import type { ErrorCode } from '../error-codes.ts';
import type { Call, MediaType } from './call.ts';
import type { Scope } from '../roles.ts';

/** `public`: nobody need be known. `session`: people who signed in, no tokens. `any`: a session or a token. */
export type RouteAuth = 'public' | 'session' | 'any';

type Fields = z.ZodMiniObject;

/** One route, as data: handlers are registered from it, clients are typed by it, OpenAPI is written from it. */
export interface Route extends Access, Omit<Call, 'reply'> {
  readonly summary: string;
  readonly auth: RouteAuth;
  readonly scope: Scope | null;
  readonly channel?: ChannelAccess;
  readonly params?: Fields;
  /** Texts of the address are read as what these fields are. */
  readonly query?: Fields;
  /** JSON, or bytes. */
  readonly body?: z.ZodMiniType | 'application/octet-stream';
  /** The same JSON is also taken in the field `payload` of a form, as older programs send it. */
  readonly form?: true;
  /** What is answered: JSON, or text or bytes of this media type, or nothing, with status 204. */
  readonly reply?: z.ZodMiniType | MediaType;
  readonly status: 200 | 201 | 202 | 204;
  /** Errors of its own, besides those that every route may answer. */
  readonly errors?: readonly ErrorCode[];
}

/** Whether a body or a reply is JSON that a schema reads. */
export function isJson(part: z.ZodMiniType | MediaType | undefined): part is z.ZodMiniType {
  return typeof part === 'object';
}
