/** Where what is heard of presence goes: a socket. */
export interface Ear {
  /** False: it has too much to take already, and was told nothing. */
  readonly whisper: (line: string) => boolean;
  readonly tell: (type: 'roster' | 'agents', line: string) => void;
  /** Calls back once, when there is room for whispers again or it is closed. */
  readonly whenCalm: (then: () => void) => void;
}

/** One who hears of something that is told once as a whole and then by what changes: who has missed a change is told the whole again. */
export class Listener {
  readonly #ear: Ear;
  readonly #whole: (ear: Ear) => void;
  #state: 'quiet' | 'live' | 'behind' = 'quiet';

  constructor(ear: Ear, whole: (ear: Ear) => void) {
    this.#ear = ear;
    this.#whole = whole;
  }

  /** It is to hear from now on, beginning with the whole. */
  begin(): void {
    this.#state = 'live';
    this.#whole(this.#ear);
  }

  /** The whole is other than the changes said. */
  again(): void {
    if (this.#state === 'live') this.#whole(this.#ear);
  }

  change(line: string): void {
    if (this.#state !== 'live' || this.#ear.whisper(line)) return;
    this.#state = 'behind';
    this.#ear.whenCalm(() => {
      if (this.#state === 'behind') this.begin();
    });
  }

  quiet(): void {
    this.#state = 'quiet';
  }
}
