import { HubError } from '@parley/hub-protocol';
import { routePath, searchOf, type Call } from '@parley/hub-protocol/rest';
import { tokenOf, type CallOptions } from '../call-hub.ts';
import { addressOf } from '../check-options.ts';
import { problemOf } from '../rest.ts';

export interface ByteCall {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls a route that takes or answers bytes, once.
 *
 * @throws {HubError}
 */
export async function callBytes(
  options: CallOptions,
  { method, path }: Call,
  { params, query, ...more }: ByteCall,
): Promise<Response> {
  return askBytes(options, method, routePath({ path }, params) + searchOf(query), more);
}

/** The same of an address below that of the hub. */
export async function askBytes(
  options: CallOptions,
  method: Call['method'],
  path: string,
  { headers, body, signal }: Pick<ByteCall, 'headers' | 'body' | 'signal'>,
): Promise<Response> {
  const url = addressOf(options.url);
  const address = new URL(url.pathname.replace(/\/$/, '') + path, url);
  const { fetch = globalThis.fetch } = options;
  const secret = await tokenOf(options)().catch((cause: unknown) => {
    throw new HubError('UNAUTHENTICATED', 'no token could be had', { cause });
  });
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      headers: {
        ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
        ...(body !== undefined && { 'content-type': 'application/octet-stream' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
      ...(signal !== undefined && { signal }),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new HubError('UNAVAILABLE', 'the hub cannot be reached', { cause });
  }
  if (response.ok || response.status === 304) return response;
  throw problemOf(response.status, await response.text().catch(() => ''));
}
