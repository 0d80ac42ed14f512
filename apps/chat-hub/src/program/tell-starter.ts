/** What programs are told that start a hub, and people read on their terminal. */
export interface StarterNews {
  readonly event: 'ready' | 'setup-code';
  readonly url: string;
  /** By which the first one to come owns the workspace. Null: somebody does. */
  readonly setupCode: string | null;
}

/**
 * Tells the program that started this one, if it wants to hear: it has opened a channel then, as `fork()` of `node:child_process` does. Once it is gone,
 * however it went, nobody would end this one: then it ends by itself, in order.
 */
export function tellStarter(news: StarterNews): void {
  if (process.send === undefined) return;
  if (process.listenerCount('disconnect') === 0)
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // It may be gone by now: that is no failure of the hub.
  process.send({ ...news, pid: process.pid }, undefined, undefined, () => undefined);
}
