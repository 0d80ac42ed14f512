import { z } from 'zod';

/** What every subject sends. */
export interface ChatMessage {
  readonly author: string;
  readonly text: string;
  readonly at: number;
}

export const chatSchema = z.object({ author: z.string(), text: z.string(), at: z.number() });

const text =
  'a line of about a hundred characters, as people write them when they work together on something';

export const messageOf = (i: number): ChatMessage => ({ author: 'ann', text, at: i });

/** Hands the calls of one subject what was heard, in order. */
export class Heard {
  readonly #waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  readonly tell = (): void => this.#waiting.shift()?.();
}
