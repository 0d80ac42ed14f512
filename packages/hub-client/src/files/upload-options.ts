import type { CallOptions } from '../call-hub.ts';

export interface FileCallOptions extends CallOptions {
  /** Gives it up. */
  readonly signal?: AbortSignal | undefined;
}

export interface UploadOptions extends FileCallOptions {
  readonly channelId: string;
  /** As others see it: without slashes and control characters. */
  readonly name: string;
  /** What is sent: a `File` of a browser, or what `openAsBlob` of `node:fs` makes of a path. It is read part by part. */
  readonly source: Blob;
  /**
   * Of one's own, for an upload that another process, or another day, may go on with: the hub keeps what it has for a day.
   *
   * @default a random one
   */
  readonly clientId?: string | undefined;
  /** Of the whole file, in hexadecimal digits: then it is made sure of at its end. Each part is made sure of in any case. */
  readonly sha256?: string | undefined;
  /**
   * Bytes that are sent at once. Over slow lines they become fewer by themselves.
   *
   * @default 1,048,576
   */
  readonly partBytes?: number | undefined;
  /**
   * How long it goes on without getting any further, in milliseconds.
   *
   * @default 120,000
   */
  readonly patienceMs?: number | undefined;
  /** Hears how many bytes the hub has. */
  readonly onProgress?: ((received: number, size: number) => void) | undefined;
}
