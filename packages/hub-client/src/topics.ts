import type { ClientFrame } from '@parley/hub-protocol';

/** Topics of custom events, each asked for once, however many listen. */
export class Topics {
  readonly #counts = new Map<string, number>();
  readonly #send: (frame: ClientFrame) => void;

  constructor(send: (frame: ClientFrame) => void) {
    this.#send = send;
  }

  /** A new connection listens to nothing. */
  again(): void {
    for (const topic of this.#counts.keys()) this.#send({ type: 'listen', topic });
  }

  listen(topic: string): () => void {
    const count = this.#counts.get(topic) ?? 0;
    this.#counts.set(topic, count + 1);
    if (count === 0) this.#send({ type: 'listen', topic });
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      const left = (this.#counts.get(topic) ?? 1) - 1;
      if (left > 0) this.#counts.set(topic, left);
      else if (this.#counts.delete(topic)) this.#send({ type: 'unlisten', topic });
    };
  }
}
