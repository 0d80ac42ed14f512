import { inspect } from 'node:util';

/** A text that only `reveal` hands over: in messages, logs, JSON and the console something else stands for it. */
export class Secret {
  readonly #text: string;
  readonly #shown: string;

  /** @param shown what may be seen of it */
  constructor(text: string, shown = '***') {
    this.#text = text;
    this.#shown = shown;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return this.#shown;
  }

  toJSON(): string {
    return this.#shown;
  }

  [inspect.custom](): string {
    return this.#shown;
  }
}
