import { setTimeout as sleep } from 'node:timers/promises';

/** Loaded into a server that is measured: tells what it holds once it has come to rest. */
async function settled(): Promise<NodeJS.MemoryUsage> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await sleep(50);
  }
  return process.memoryUsage();
}

process.on('message', () => {
  void settled().then((memory) => process.send?.(memory));
});
// Listening must not keep a server alive that was told to end.
process.channel?.unref();
