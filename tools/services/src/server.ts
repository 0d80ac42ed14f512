/** How a process ended: exactly one of the two is not null. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
}

/** One server process that a test owns. Every method settles; after `stop()` nothing is left. */
export interface ServerProcess extends AsyncDisposable {
  /** Of the process that runs now; another one after `restart()`. In a container: its first process. */
  readonly pid: number;
  /** Holds configuration and data; removed by `stop()`. */
  readonly folder: string;
  /** Stops the process and its children as if hung; resolves when the kernel says that all of them stand still. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** SIGKILL of the process and its children; resolves when they are gone. The folder stays, for `restart()`. */
  kill(): Promise<void>;
  /** Graceful first, SIGKILL at a deadline; removes the folder. Safe to call twice. */
  stop(): Promise<void>;
}

export interface Server extends ServerProcess {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /**
   * The same port, a new process; also after `kill()`. A running server ends in an orderly way first, so `keep` keeps everything. After
   * `kill()`, or on a paused server, `keep` keeps what the server had written to disk by then: as in reality.
   */
  restart(options: { data: 'keep' | 'wipe' }): Promise<void>;
}
