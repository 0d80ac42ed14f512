export interface ReplyLossOptions {
  /**
   * How many connections lose a reply before the fault ends by itself.
   * @default every reply of every connection until `heal()`
   */
  readonly count?: number;
  /**
   * Selects by the bytes of a request (as they arrived together, so a pipeline is one) whose reply is lost.
   * @default every request
   */
  readonly match?: (request: Buffer) => boolean;
  /**
   * What the client sees instead of the reply: nothing until `heal()`, or a reset connection.
   * @default 'silence'
   */
  readonly afterwards?: 'silence' | 'cut';
}

export interface ReplyLoss {
  /**
   * True once `count` replies (one, without a count) came from the server and were thrown away: what was asked has
   * happened there. False when `heal()`, `close()` or another `dropReplies()` ended the fault first. Never rejects.
   */
  readonly lost: Promise<boolean>;
}

/** The rule behind `dropReplies`; shared by all connections of a proxy. */
export class ReplyLossRule implements ReplyLoss {
  readonly lost: Promise<boolean>;
  readonly afterwards: 'silence' | 'cut';
  readonly #match: ((request: Buffer) => boolean) | undefined;
  readonly #settle: (lost: boolean) => void;
  readonly #limit: number;
  #claimed = 0;
  #happened = 0;

  constructor({ count, match, afterwards = 'silence' }: ReplyLossOptions) {
    if (count !== undefined && !(Number.isInteger(count) && count > 0)) {
      throw new RangeError(`dropReplies: count must be a whole number above 0, not ${count}`);
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.lost = promise;
    this.#settle = resolve;
    this.#match = match;
    this.afterwards = afterwards;
    this.#limit = count ?? Infinity;
  }

  /** True when the connection that sent this request is to lose the reply. */
  claimsRequest(request: Buffer): boolean {
    return this.#match !== undefined && this.#match(request) && this.#claim();
  }

  /** True when a connection that receives a reply is to lose it, whatever was asked. */
  claimsReply(): boolean {
    return this.#match === undefined && this.#claim();
  }

  happened(): void {
    this.#happened += 1;
    if (this.#happened >= (this.#limit === Infinity ? 1 : this.#limit)) this.#settle(true);
  }

  end(): void {
    this.#settle(false);
  }

  #claim(): boolean {
    if (this.#claimed >= this.#limit) return false;
    this.#claimed += 1;
    return true;
  }
}
