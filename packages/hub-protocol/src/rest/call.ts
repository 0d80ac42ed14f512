import type { Reader } from '../received/reader.ts';

/** What is answered by what is no JSON. Octets may be of any type. */
export type MediaType = 'image/svg+xml' | 'image/webp' | 'application/octet-stream';

/** How a route is called and what it answers: all of it that a client carries with it. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, with parameters in braces. */
  readonly path: `/${string}`;
  /** Reads what is answered: JSON, or text or bytes of this media type, or nothing, with status 204. */
  readonly reply?: Reader<unknown> | MediaType;
}
