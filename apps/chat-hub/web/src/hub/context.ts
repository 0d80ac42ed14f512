import type { Hub, HubState } from '@parley/hub-client';
import type { User } from '@parley/hub-protocol';
import { createContext, use, useSyncExternalStore } from 'react';

/** Who is signed in, and their connection. */
export interface Session {
  readonly hub: Hub;
  readonly userId: string;
  /** What this session may do. */
  readonly scopes: ReadonlySet<string>;
  /** What the workspace is called. */
  readonly workspace: string;
  readonly signOut: () => Promise<void>;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('nobody is signed in');
  return session;
}

export const useHub = (): Hub => useSession().hub;

/** What a function finds in the state, and anew when it finds something else. It must find the same object while nothing changed. */
export function useHubState<T>(find: (state: HubState) => T): T {
  const { hub } = useSession();
  return useSyncExternalStore(hub.subscribe, () => find(hub.snapshot()));
}

export function useUser(userId: string | null): User | undefined {
  return useHubState(({ users }) => (userId === null ? undefined : users.get(userId)));
}

/** Whether one runs the workspace. The hub decides again by itself; this is for what to show. */
export function useIsAdmin(): boolean {
  const { userId, scopes } = useSession();
  const me = useUser(userId);
  // Who is in no channel has not been told of yet.
  return me === undefined ? scopes.has('admin') : me.role === 'owner' || me.role === 'admin';
}
