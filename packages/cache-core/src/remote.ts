import { createBatcher } from './kernel/batcher.ts';
import type { Failsafe } from './failsafe.ts';
import type {
  CacheStore,
  LeaseReply,
  LeaseRequest,
  LeaseToRelease,
  RecordToFill,
  RecordToTouch,
  RecordToWrite,
  StoredRecord,
} from './store.ts';

/** The store as the cache uses it: every call under the failsafe, calls of one turn of the event loop as one. */
export interface Remote {
  read(keys: readonly string[]): Promise<readonly (StoredRecord | undefined)[]>;
  write(records: readonly RecordToWrite[]): Promise<void>;
  remove(keys: readonly string[]): Promise<readonly boolean[]>;
  touch(record: RecordToTouch): Promise<boolean>;
  lease(request: LeaseRequest): Promise<LeaseReply>;
  fill(record: RecordToFill): Promise<boolean>;
  release(lease: LeaseToRelease): Promise<void>;
  /** Makes absent guards, and has them kept for `keepMs`. */
  epoch(guard: string, keepMs: number): Promise<number | undefined>;
  /** Undefined where nobody made the guard, or it was lost. */
  knownEpoch(guard: string): Promise<number | undefined>;
  bump(guard: string, keepMs: number): Promise<number>;
}

export function createRemote(store: CacheStore, failsafe: Failsafe): Remote {
  const { maxBatch, maxInFlight } = store.capabilities;

  const inPieces = <Request, Reply>(
    what: string,
    run: (requests: readonly Request[]) => Promise<readonly Reply[]>,
  ): ((requests: readonly Request[]) => Promise<readonly Reply[]>) => {
    return async (requests) => {
      if (requests.length <= maxBatch) return failsafe.call(what, () => run(requests));
      const replies: Reply[] = [];
      for (let from = 0; from < requests.length; from += maxBatch) {
        const piece = requests.slice(from, from + maxBatch);
        replies.push(...(await failsafe.call(what, () => run(piece))));
      }
      return replies;
    };
  };

  const batched = <Request, Reply>(
    what: string,
    run: (requests: readonly Request[]) => Promise<readonly Reply[]>,
    nameOf?: (request: Request) => string,
  ): ((request: Request) => Promise<Reply>) =>
    createBatcher<Request, Reply>({
      run: (requests) => failsafe.call(what, () => run(requests)),
      maxBatch,
      maxInFlight,
      ...(nameOf && { nameOf }),
    });

  const write = inPieces('write', async (records: readonly RecordToWrite[]) => {
    await store.write(records);
    return records.map(() => undefined);
  });
  const epoch = batched<GuardRequest, number | undefined>('make sure of epochs', (requests) =>
    askOnce(requests, (guards, keepMs) => store.epochs(guards, { keepMs })),
  );
  const bump = batched<GuardRequest, number>('invalidate', (requests) =>
    askOnce(requests, (guards, keepMs) => store.bump(guards, { keepMs })),
  );

  return {
    read: inPieces('read', (keys: readonly string[]) => store.read(keys)),
    write: async (records) => void (await write(records)),
    remove: inPieces('remove', (keys: readonly string[]) => store.remove(keys)),
    touch: batched('touch', (records: readonly RecordToTouch[]) => store.touch(records)),
    lease: batched('lease', (requests: readonly LeaseRequest[]) => store.lease(requests)),
    fill: batched('fill', (records: readonly RecordToFill[]) => store.fill(records)),
    release: batched('release', async (leases: readonly LeaseToRelease[]) => {
      await store.release(leases);
      return leases.map(() => undefined);
    }),
    epoch: (guard, keepMs) => epoch({ guard, keepMs }),
    knownEpoch: batched(
      'read epochs',
      (guards: readonly string[]) => store.epochs(guards),
      (guard) => guard,
    ),
    bump: (guard, keepMs) => bump({ guard, keepMs }),
  };
}

interface GuardRequest {
  readonly guard: string;
  readonly keepMs: number;
}

/** Many callers of one turn share their guards, above all that of the namespace. */
async function askOnce<Reply>(
  requests: readonly GuardRequest[],
  ask: (guards: readonly string[], keepMs: number) => Promise<readonly Reply[]>,
): Promise<Reply[]> {
  const position = new Map<string, number>();
  let keepMs = 0;
  for (const request of requests) {
    if (!position.has(request.guard)) position.set(request.guard, position.size);
    keepMs = Math.max(keepMs, request.keepMs);
  }
  const replies = await ask([...position.keys()], keepMs);
  return requests.flatMap(({ guard }) => {
    const at = position.get(guard) ?? 0;
    return replies.slice(at, at + 1);
  });
}
