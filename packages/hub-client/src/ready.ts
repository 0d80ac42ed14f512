/** A promise that is made anew when the client is told to try again after it had failed. */
export class Ready {
  #settled = unheard();
  #state: 'open' | 'ready' | 'failed' = 'open';

  get promise(): Promise<void> {
    return this.#settled.promise;
  }

  resolve(): void {
    this.again();
    this.#state = 'ready';
    this.#settled.resolve();
  }

  reject(error: Error): void {
    if (this.#state === 'open') this.#state = 'failed';
    this.#settled.reject(error);
  }

  again(): void {
    if (this.#state !== 'failed') return;
    this.#state = 'open';
    this.#settled = unheard();
  }
}

/** Whoever looks at the state instead does not wait for it: that must not end the process. */
function unheard(): PromiseWithResolvers<void> {
  const settled = Promise.withResolvers<void>();
  settled.promise.catch(() => undefined);
  return settled;
}
