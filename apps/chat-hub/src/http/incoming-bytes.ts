import { withDeadline } from '@parley/cache-core/kernel';
import { checkSent, HubError, limits as bounds } from '@parley/hub-protocol';
import { routes, type NamedRoute } from '@parley/hub-protocol/rest';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import type { Files } from '../files/files.ts';
import { actionOfRoute } from '../limits/charged.ts';
import type { HubLimits } from '../limits/hub-limits.ts';
import { Places } from '../limits/places.ts';
import { checkAddress } from './check-address.ts';
import { obey } from './obey.ts';

export interface IncomingOptions {
  readonly limits: Pick<HubLimits, 'act'>;
  readonly files: Pick<Files, 'expect'>;
  /** How long it may take to know whether they are wanted. */
  readonly limitMs: number;
}

interface Held {
  readonly give: () => void;
  handled: boolean;
}

/** Parts of four MiB each at most are held in memory until they are written. */
const mostHeld = 32;
const mostOfOne = 8;

/** Bodies of bytes: nothing of them is read before it is known that they are wanted, from whom, and that there is a place for them. */
export class IncomingBytes {
  readonly #options: IncomingOptions;
  readonly #places = new Places({ what: 'uploads', all: mostHeld, each: mostOfOne });
  readonly #held = new WeakMap<FastifyRequest, Held>();

  constructor(options: IncomingOptions) {
    this.#options = options;
  }

  /** Before the body is read. */
  async admit(route: NamedRoute, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    checkAddress(route, request);
    const length = lengthOf(request);
    if (length !== undefined && length > bounds.filePart)
      throw new HubError('TOO_LARGE', `the body has at most ${bounds.filePart} bytes`);
    const { caller } = request;
    if (caller === undefined) throw new HubError('UNAUTHENTICATED', 'bytes come from somebody who is known');
    const { limits, limitMs } = this.#options;
    const action = actionOfRoute(route);
    if (action !== undefined) obey(reply, await limits.act(action, caller));
    await withDeadline(limitMs, (signal) => this.#expect(route, request, caller, { length, signal }), {
      what: 'the request',
    });
    // Nobody is there any more, and what would give a place back has happened already.
    if (reply.raw.closed) throw new HubError('TIMEOUT', 'whoever sent the bytes is gone');
    const held: Held = { give: this.#places.take(caller.userId), handled: false };
    this.#held.set(request, held);
    // The framework tells of no answer that nobody waited for.
    reply.raw.once('close', () => {
      if (!held.handled) held.give();
    });
  }

  /** As long as a handler has the bytes, they take their place, whether anybody waits for it or not. */
  async hold<T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> {
    const held = this.#held.get(request);
    if (held === undefined) return work();
    held.handled = true;
    try {
      return await work();
    } finally {
      held.give();
    }
  }

  /** After an answer. */
  over(request: FastifyRequest): void {
    const held = this.#held.get(request);
    if (held?.handled === false) held.give();
  }

  async #expect(
    route: NamedRoute,
    request: FastifyRequest,
    caller: Caller,
    { length, signal }: { readonly length: number | undefined; readonly signal: AbortSignal },
  ): Promise<void> {
    if (route.name !== 'writeFile') return;
    const { fileId, offset } = checkSent(routes.writeFile.params, request.params);
    await this.#options.files.expect(caller, fileId, { offset, length }, { signal });
  }
}

function lengthOf({ headers }: FastifyRequest): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}
