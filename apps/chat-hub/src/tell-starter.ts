/** What programs are told that start a hub, and people read on their terminal. */
export interface StarterNews {
  readonly event: 'ready' | 'setup-code';
  readonly url: string;
  /** By which the first one to come owns the workspace. Null: somebody does. */
  readonly setupCode: string | null;
}

/** Tells the program that started this one, if it wants to hear: it has opened a channel then, as `fork()` of `node:child_process` does. */
export function tellStarter(news: StarterNews): void {
  // Who started it may be gone by now: that is no failure of the hub.
  process.send?.(news, undefined, undefined, () => undefined);
}
