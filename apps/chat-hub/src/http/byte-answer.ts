import { Readable } from 'node:stream';
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Bytes with all that is to be said of them. */
export class ByteAnswer {
  readonly status: 200 | 206 | 304;
  readonly headers: Readonly<Record<string, string | number>>;
  /** Undefined: nobody wants them. */
  readonly bytes: Readable | undefined;
  readonly #onSending: ((response: ServerResponse) => void) | undefined;

  /** @param onSending told of the response that they go out with */
  constructor(
    status: ByteAnswer['status'],
    headers: ByteAnswer['headers'],
    bytes: Readable | undefined,
    onSending?: (response: ServerResponse) => void,
  ) {
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
    this.#onSending = onSending;
  }

  send(reply: FastifyReply): FastifyReply {
    reply.code(this.status).headers({ ...this.headers });
    this.#onSending?.(reply.raw);
    // Of what is no stream the framework would tell the length anew.
    return this.status === 304 ? reply.send() : reply.send(this.bytes ?? Readable.from([]));
  }

  /** Closes what is open. */
  forget(): void {
    this.bytes?.destroy();
  }
}
