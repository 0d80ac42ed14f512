import { createBatcher } from './batcher.ts';
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

/** The store as the cache uses it: one request at a time above, batches below, each batch under the failsafe. */
export interface Remote {
  read(key: string): Promise<StoredRecord | undefined>;
  write(record: RecordToWrite): Promise<void>;
  remove(key: string): Promise<boolean>;
  touch(record: RecordToTouch): Promise<boolean>;
  lease(request: LeaseRequest): Promise<LeaseReply>;
  fill(record: RecordToFill): Promise<boolean>;
  release(lease: LeaseToRelease): Promise<void>;
  /** Makes absent guards, and keeps them for `keepMs`. */
  epoch(guard: string, keepMs: number): Promise<number>;
  /** Undefined where nobody made the guard, or it was lost. */
  knownEpoch(guard: string): Promise<number | undefined>;
  bump(guard: string, keepMs: number): Promise<number>;
}

export function createRemote(store: CacheStore, failsafe: Failsafe): Remote {
  const { maxBatch, maxInFlight } = store.capabilities;

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

  const epoch = batched<GuardRequest, number | undefined>('make sure of epochs', (requests) =>
    askOnce(requests, (guards, keepMs) => store.epochs(guards, { keepMs })),
  );
  const bump = batched<GuardRequest, number>('invalidate', (requests) =>
    askOnce(requests, (guards, keepMs) => store.bump(guards, { keepMs })),
  );

  return {
    read: batched('read', (keys: readonly string[]) => store.read(keys), (key) => key),
    write: batched('write', async (records: readonly RecordToWrite[]) => {
      await store.write(records);
      return [];
    }),
    remove: batched('remove', (keys: readonly string[]) => store.remove(keys)),
    touch: batched('touch', (records: readonly RecordToTouch[]) => store.touch(records)),
    lease: batched('lease', (requests: readonly LeaseRequest[]) => store.lease(requests)),
    fill: batched('fill', (records: readonly RecordToFill[]) => store.fill(records)),
    release: batched('release', async (leases: readonly LeaseToRelease[]) => {
      await store.release(leases);
      return [];
    }),
    epoch: async (guard, keepMs) => (await epoch({ guard, keepMs })) ?? 0,
    knownEpoch: batched('read epochs', (guards: readonly string[]) => store.epochs(guards), (guard) => guard),
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
  return requests.map(({ guard }) => replies[position.get(guard) ?? -1] as Reply);
}
