import type { Written } from '../cache/libraries/library.ts';

/** What a process with a cache of its own can be asked to do, such as one on a host with another clock. */
export type ActorRequest =
  | { readonly call: 'set'; readonly key: string; readonly value: string; readonly options: Written }
  | { readonly call: 'invalidateTag'; readonly tag: string };

export interface ActorReply {
  readonly error?: string;
}

export const actorFile = new URL('actor-process.ts', import.meta.url);
