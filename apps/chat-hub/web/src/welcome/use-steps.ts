import type { HubState } from '@parley/hub-client';
import type { User } from '@parley/hub-protocol';
import { useEffect, useState } from 'react';
import { useHub, useHubState, useSession } from '../hub/context.ts';
import { useWork } from '../ui/use-work.ts';

export type StepName = 'channel' | 'person' | 'agent';

export interface Steps {
  /** Which are done. Undefined: nobody knows yet. */
  readonly done: ReadonlySet<StepName> | undefined;
  readonly error: unknown;
  readonly look: () => Promise<void>;
}

/** The channel that a hub begins with. */
export const firstName = 'general';

/** What a new workspace has already: whatever made it so, whoever did. */
export function useSteps(): Steps {
  const hub = useHub();
  const { userId } = useSession();
  const [kinds, setKinds] = useState<ReadonlySet<User['kind']>>();
  const { run, error } = useWork(async () => {
    const query = { limit: 2 };
    const [people, agents] = await Promise.all([
      hub.call('listUsers', { query: { ...query, kind: 'person' } }),
      hub.call('listUsers', { query: { ...query, kind: 'agent' } }),
    ]);
    setKinds(kindsOf([...people.items, ...agents.items], userId));
  });
  useEffect(() => void run(), [run]);
  const hasChannel = useHubState(hasOwnChannel);
  // Somebody who comes meanwhile is told of by the hub.
  const hasPerson = useHubState(({ users }) => kindsOf(users.values(), userId).has('person'));
  const hasAgent = useHubState(({ users }) => kindsOf(users.values(), userId).has('agent'));
  if (kinds === undefined) return { done: undefined, error, look: run };
  const done = new Set<StepName>();
  if (hasChannel) done.add('channel');
  if (hasPerson || kinds.has('person')) done.add('person');
  if (hasAgent || kinds.has('agent')) done.add('agent');
  return { done, error, look: run };
}

function kindsOf(users: Iterable<User>, me: string): Set<User['kind']> {
  const kinds = new Set<User['kind']>();
  for (const { id, kind } of users) if (id !== me) kinds.add(kind);
  return kinds;
}

function hasOwnChannel({ channels }: HubState): boolean {
  for (const { channel } of channels.values())
    if (channel.name !== null && channel.name !== firstName) return true;
  return false;
}
