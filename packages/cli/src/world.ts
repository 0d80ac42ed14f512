import type { Readable, Writable } from 'node:stream';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A place to write to, that may be a terminal. */
export type Target = Writable & { readonly isTTY?: boolean; hasColors?: () => boolean };

/** Everything outside that a command touches. */
export interface World {
  readonly env: Environment;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Target;
  readonly stderr: Target;
  readonly fetch: typeof fetch;
  /** Calls when somebody wants an end, until the returned function is called. Without it, the process just ends. */
  readonly onInterrupt: (listener: (signal: NodeJS.Signals) => void) => () => void;
}

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function processWorld(): World {
  return {
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    fetch: globalThis.fetch,
    onInterrupt(listener) {
      for (const signal of endings) process.on(signal, listener);
      return () => {
        for (const signal of endings) process.off(signal, listener);
      };
    },
  };
}
