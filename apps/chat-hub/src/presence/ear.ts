/** Where what is heard of presence goes: a socket. */
export interface Ear {
  /** False: it has too much to take already, and was told nothing. */
  readonly whisper: (line: string) => boolean;
  /** The same for the whole. */
  readonly tell: (type: 'roster' | 'agents', line: string) => boolean;
  /** Calls back once, when there is room again or it is closed. */
  readonly whenCalm: (then: () => void) => void;
}

/**
 * One who hears of something that is told once as a whole and then by what changes: who has missed anything is told the whole again, once there
 * is room for it.
 */
export class Listener {
  readonly #ear: Ear;
  readonly #whole: (ear: Ear) => boolean;
  #state: 'quiet' | 'live' | 'behind' = 'quiet';

  /** @param whole tells it, and answers whether there was room */
  constructor(ear: Ear, whole: (ear: Ear) => boolean) {
    this.#ear = ear;
    this.#whole = whole;
  }

  /** It is to hear from now on, beginning with the whole. */
  begin(): void {
    if (this.#state === 'behind') return;
    this.#state = 'live';
    this.again();
  }

  /** The whole is other than the changes said. */
  again(): void {
    if (this.#state === 'live' && !this.#whole(this.#ear)) this.#fallBehind();
  }

  change(line: string): void {
    if (this.#state === 'live' && !this.#ear.whisper(line)) this.#fallBehind();
  }

  quiet(): void {
    this.#state = 'quiet';
  }

  #fallBehind(): void {
    this.#state = 'behind';
    this.#ear.whenCalm(() => {
      if (this.#state !== 'behind') return;
      this.#state = 'live';
      this.again();
    });
  }
}
