const cleanups = new Set<() => void>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let installed = false;

function cleanUp(): void {
  for (const cleanup of cleanups) cleanup();
  cleanups.clear();
}

function install(): void {
  if (installed) return;
  installed = true;
  process.once('exit', cleanUp);
  for (const signal of signals) {
    const leave = () => {
      cleanUp();
      process.removeListener(signal, leave);
      // Whoever started us must see that the signal ended us, so the default action finishes the work.
      process.kill(process.pid, signal);
    };
    process.on(signal, leave);
  }
}

/** Runs `cleanup` when the process ends, also by a signal. It must be synchronous. Returns the way to call it off. */
export function atExit(cleanup: () => void): () => void {
  install();
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
  };
}
