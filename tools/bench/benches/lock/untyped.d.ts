/** Its `exports` hide its types from whoever resolves them as Node does. What is used of them. */
declare module 'redlock' {
  export interface Settings {
    readonly retryCount?: number;
    readonly retryDelay?: number;
    readonly retryJitter?: number;
    readonly automaticExtensionThreshold?: number;
  }

  export interface HeldLock {
    release(): Promise<unknown>;
  }

  export default class Redlock {
    using<T>(resources: string[], durationMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
    constructor(clients: readonly object[], settings?: Settings);
    acquire(resources: string[], durationMs: number, settings?: Settings): Promise<HeldLock>;
    on(event: 'error', listener: (error: unknown) => void): this;
  }
}
