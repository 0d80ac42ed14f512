import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { AwsClient } from 'aws4fetch';
import type { BlobCall, BlobStore } from './blob-store.ts';
import { bytesMissing, storeAway, storeFull } from './blob-errors.ts';

export interface S3Options {
  /** Such as `https://s3.eu-central-1.amazonaws.com` or `http://127.0.0.1:9000`. */
  readonly endpoint: string;
  readonly bucket: string;
  /** Before each key, such as `hub/`; empty for none. */
  readonly prefix: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** How long one request to the store may take. */
const requestMs = 20_000;

/** Blobs as objects of a bucket of any store that speaks the protocol of S3. The bucket is named in the path: all of them understand that. */
export function s3Blobs({ endpoint, bucket, prefix, region, accessKey, secretKey }: S3Options): BlobStore {
  const client = new AwsClient({
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    service: 's3',
    region,
    retries: 2,
    initRetryMs: 100,
  });
  const addressOf = (key: string): string => `${endpoint}/${bucket}/${prefix}${key}`;

  /** The limit is for the answer to begin: how fast it is read is up to who reads it. */
  async function ask(address: string, init: RequestInit, { signal }: BlobCall = {}): Promise<Response> {
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new Error('the object store did not answer in time')),
      requestMs,
    );
    try {
      const all = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]);
      return await client.fetch(address, { ...init, redirect: 'error', signal: all });
    } catch (error) {
      throw storeAway(error);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async open() {
      const response = await ask(`${endpoint}/${bucket}`, { method: 'HEAD' });
      await discard(response);
      requireUsable(response);
      const trial = addressOf(`trial-${randomBytes(6).toString('hex')}`);
      const written = await ask(trial, { method: 'PUT', body: 'trial' });
      await discard(written);
      requireUsable(written);
      const deleted = await ask(trial, { method: 'DELETE' });
      await discard(deleted);
      requireUsable(deleted);
    },

    async put(key, bytes, call) {
      const headers = { 'content-type': 'application/octet-stream' };
      const response = await ask(addressOf(key), { method: 'PUT', headers, body: Buffer.from(bytes) }, call);
      await discard(response);
      if (response.status === 507) throw storeFull(refused(response));
      if (!response.ok) throw storeAway(refused(response));
    },

    async read(key, { first, last }, call) {
      const headers = { range: `bytes=${first}-${last}` };
      const response = await ask(addressOf(key), { headers }, call);
      if (response.status === 206 && response.body !== null) return Readable.fromWeb(response.body);
      await discard(response);
      throw response.status === 404 ? bytesMissing(refused(response)) : storeAway(refused(response));
    },

    async delete(key, call) {
      const response = await ask(addressOf(key), { method: 'DELETE' }, call);
      await discard(response);
      if (!response.ok && response.status !== 404) throw storeAway(refused(response));
    },

    where: (key) => `s3://${bucket}/${prefix}${key}`,
  };
}

/** The connection is free for the next request only when all of the answer was read. */
async function discard(response: Response): Promise<void> {
  await response.arrayBuffer().catch(() => undefined);
}

/** What is refused is refused the next time as well; a store that has too much to do, or a fault, is another matter. */
function requireUsable(response: Response): void {
  if (response.ok) return;
  const { status } = response;
  throw status >= 500 || status === 408 || status === 429 ? storeAway(refused(response)) : refused(response);
}

function refused({ status }: Response): Error {
  return new Error(`the object store answered with ${status}`);
}
