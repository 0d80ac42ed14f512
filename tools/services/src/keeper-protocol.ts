import type { ExitStatus } from './server.ts';

/** A process for the keeper to start. */
export interface Command {
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited, so that a test does not depend on the shell it was started from. */
  readonly env: Readonly<Record<string, string>>;
  /** Receives stdout and stderr; appended to. */
  readonly log: string;
  /** Another user to run as; only root can. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** What to ask of a container engine when the owner is gone. */
export interface LastRequest {
  readonly method: 'DELETE';
  readonly path: string;
  readonly socketPath?: string;
  readonly host?: string;
  readonly port?: number;
}

/** Sent by the owner, one JSON text a line. */
export type Request = { readonly id: number } & (
  | { readonly do: 'spawn'; readonly command: Command }
  | { readonly do: 'pause' | 'resume' | 'kill' | 'wait'; readonly pid: number }
  | { readonly do: 'stop'; readonly pid: number; readonly signal: NodeJS.Signals; readonly deadline: number }
  | { readonly do: 'remove'; readonly folder: string }
  | { readonly do: 'promise'; readonly name: string; readonly request: LastRequest }
  | { readonly do: 'forget'; readonly name: string }
);

/** Sent by the keeper, one JSON text a line. */
export type Message =
  | { readonly event: 'ready'; readonly folder: string }
  | { readonly event: 'exit'; readonly pid: number; readonly status: ExitStatus }
  | { readonly event: 'done'; readonly id: number; readonly pid?: number }
  | { readonly event: 'failed'; readonly id: number; readonly message: string };
