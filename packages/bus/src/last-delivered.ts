/** More than one publisher can have under way in a channel: one batch each. */
const kept = 512;

/**
 * The ids of what was delivered last. A publication whose reply was lost with its server is sent again, to a server that may never have had it:
 * it comes in another epoch, at another place, to a reader who has it already.
 */
export class LastDelivered {
  #ids: string[] = [];
  #suspects = new Set<string>();

  add(id: string): void {
    this.#ids.push(id);
    if (this.#ids.length >= 2 * kept) this.#ids = this.#ids.slice(kept);
  }

  /** The log goes on in another epoch: what was delivered may come again. */
  turn(): void {
    this.#suspects = new Set(this.#ids);
  }

  /** Whether it was delivered in the epoch before. */
  comesAgain(id: string): boolean {
    return this.#suspects.delete(id);
  }
}
