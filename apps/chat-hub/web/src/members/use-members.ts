import type { Member } from '@parley/hub-protocol';
import { useEffect, useState } from 'react';
import { useHub, useHubState } from '../hub/context.ts';

export interface MembersRead {
  readonly members: ReadonlyMap<string, Member> | undefined;
  /** Why they could not be read. */
  readonly error: unknown;
  readonly retry: () => void;
}

/** Who is in a channel: read when it is looked at, and again when what was known is not sure any more. */
export function useMembers(channelId: string): MembersRead {
  const hub = useHub();
  const members = useHubState(({ channels }) => channels.get(channelId)?.members);
  const isMissing = useHubState(({ channels }) => {
    const channel = channels.get(channelId);
    return channel !== undefined && channel.members === undefined;
  });
  const [error, setError] = useState<unknown>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!isMissing) return;
    setError(undefined);
    hub.loadMembers(channelId).catch(setError);
  }, [hub, channelId, isMissing, tries]);
  return { members, error, retry: () => setTries((count) => count + 1) };
}
