import type { BlobStore } from '../../src/files/blobs/blob-store.ts';

type Work = 'put' | 'read' | 'delete';

/** What a test does to a store: it waits, or throws. Of several nodes they are counted as they were opened. */
type Fault = (work: Work, key: string, node: number) => Promise<void> | void;

/** Stands between hubs and their store, and hears of all that goes there. */
export class BlobFaults {
  /** Set by a test, for as long as it wants. */
  fault: Fault = () => undefined;
  readonly done: { readonly work: Work; readonly key: string; readonly node: number }[] = [];
  #nodes = 0;

  readonly wrap = (blobs: BlobStore): BlobStore => {
    const node = this.#nodes;
    this.#nodes += 1;
    const before = async (work: Work, key: string): Promise<void> => {
      await this.fault(work, key, node);
      this.done.push({ work, key, node });
    };
    return {
      ...blobs,
      put: async (key, bytes, call) => before('put', key).then(() => blobs.put(key, bytes, call)),
      read: async (key, range, call) => before('read', key).then(() => blobs.read(key, range, call)),
      delete: async (key, call) => before('delete', key).then(() => blobs.delete(key, call)),
    };
  };
}

/** Holds up whoever comes, until it is opened. */
export class Gate {
  readonly #open = Promise.withResolvers<void>();
  readonly #reached = Promise.withResolvers<void>();
  waiting = 0;

  /** Resolves when the first one is there. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  async pass(): Promise<void> {
    this.waiting += 1;
    this.#reached.resolve();
    await this.#open.promise;
  }

  open(): void {
    this.#open.resolve();
  }
}
