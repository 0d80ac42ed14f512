import { StoreFault } from './errors.ts';

export interface BatcherOptions<Request, Reply> {
  /**
   * Answers each request of a batch, in order; when it rejects, every request of the batch does. With another number of answers nobody knows
   * whose they are: then every request is rejected with `StoreFault`.
   */
  readonly run: (requests: readonly Request[]) => Promise<readonly Reply[]>;
  readonly maxBatch: number;
  /** How many batches are under way at once; requests that come meanwhile gather. */
  readonly maxInFlight: number;
  /** Requests of one name within one batch are asked once. Only for requests without effect. */
  readonly nameOf?: (request: Request) => string;
  /** How much of `maxBatch` a request takes up. @default 1 */
  readonly sizeOf?: (request: Request) => number;
}

interface Waiting<Reply> {
  readonly promise: Promise<Reply>;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Turns calls of one turn of the event loop into one call of many: a store answers a hundred keys in one command for little more than it
 * takes for one.
 */
export function createBatcher<Request, Reply>({
  run,
  maxBatch,
  maxInFlight,
  nameOf,
  sizeOf,
}: BatcherOptions<Request, Reply>): (request: Request) => Promise<Reply> {
  let requests: Request[] = [];
  let waiting: Waiting<Reply>[] = [];
  let named = new Map<string, Promise<Reply>>();
  let inFlight = 0;
  let scheduled = false;

  const endOfBatch = (): number => {
    if (sizeOf === undefined) return Math.min(requests.length, maxBatch);
    let size = 0;
    // One that is larger than a batch goes alone.
    const end = requests.findIndex((request, i) => (size += sizeOf(request)) > maxBatch && i > 0);
    return end === -1 ? requests.length : end;
  };

  /** What is a good part of a batch by itself gains nothing by waiting for more; it must not overtake what waits already. */
  const isLarge = (request: Request): boolean =>
    sizeOf !== undefined && requests.length === 1 && sizeOf(request) * 4 >= maxBatch;

  const flush = (): void => {
    scheduled = false;
    while (requests.length > 0 && inFlight < maxInFlight) {
      const end = endOfBatch();
      const whole = end === requests.length;
      const batch = whole ? requests : requests.slice(0, end);
      const owners = whole ? waiting : waiting.slice(0, end);
      requests = whole ? [] : requests.slice(end);
      waiting = whole ? [] : waiting.slice(end);
      named = new Map();
      inFlight += 1;
      void settle(batch, owners);
    }
  };

  const settle = async (batch: readonly Request[], owners: readonly Waiting<Reply>[]): Promise<void> => {
    try {
      const replies = await run(batch);
      if (replies.length !== batch.length) throw misfit(batch.length, replies.length);
      for (const [i, reply] of replies.entries()) owners[i]?.resolve(reply);
    } catch (error) {
      for (const owner of owners) owner.reject(error);
    } finally {
      inFlight -= 1;
      if (requests.length > 0) flush();
    }
  };

  return (request) => {
    const name = nameOf?.(request);
    const same = name === undefined ? undefined : named.get(name);
    if (same !== undefined) return same;
    const owner = Promise.withResolvers<Reply>();
    requests.push(request);
    waiting.push(owner);
    if (name !== undefined) named.set(name, owner.promise);
    if (!scheduled && inFlight < maxInFlight) {
      if (isLarge(request)) {
        flush();
      } else {
        scheduled = true;
        setImmediate(flush);
      }
    }
    return owner.promise;
  };
}

const misfit = (requests: number, replies: number): StoreFault =>
  new StoreFault(`A batch of ${requests} was answered with ${replies}`, { evidence: { requests, replies } });
