import type { Readable } from 'node:stream';

export interface BlobCall {
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of a range, the last one included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Where bytes are kept, each blob under a key that nobody used before. What went wrong is a `HubError`: `UNAVAILABLE` where it may pass.
 */
export interface BlobStore {
  /** Makes sure that it can be used, before anybody relies on it: `UNAVAILABLE` where that cannot be known at the moment. */
  readonly open: () => Promise<void>;
  /** Resolves when the bytes survive whatever happens to this process and, in a folder, to this machine. */
  readonly put: (key: string, bytes: Uint8Array, call?: BlobCall) => Promise<void>;
  readonly read: (key: string, range: ByteRange, call?: BlobCall) => Promise<Readable>;
  /** What is there, or was begun. One that is not there is no error. */
  readonly delete: (key: string, call?: BlobCall) => Promise<void>;
  /** What people find it under. */
  readonly where: (key: string) => string;
}
