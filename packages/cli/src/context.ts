import type { CallAnyRoute } from '@parley/hub-client/admin';
import type { AnyCommand } from './command.ts';
import type { Globals } from './global-options.ts';
import type { Output } from './output.ts';
import type { World } from './world.ts';

/** What a command works with. */
export interface Context {
  readonly world: World;
  readonly out: Output;
  readonly globals: Globals;
  readonly commands: readonly AnyCommand[];
  /** Where the hub is. */
  readonly url: () => Promise<URL>;
  /** The hub, as somebody who is known there. Rejects where nobody is. */
  readonly hub: () => Promise<SignedIn>;
}

export interface SignedIn {
  readonly url: URL;
  readonly token: string;
  readonly call: CallAnyRoute;
}
