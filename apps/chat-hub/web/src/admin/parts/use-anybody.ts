import type { User } from '@parley/hub-protocol';
import { useEffect, useState } from 'react';
import { useHubState, useUser } from '../../hub/context.ts';
import { callAny } from '../../hub/call-any.ts';

/** Who was taken out is in no directory: they are asked for one by one, once. */
const asked = new Map<string, Promise<User | undefined>>();

function lookUp(userId: string): Promise<User | undefined> {
  const known =
    asked.get(userId) ??
    callAny('readUser', { params: { userId } }).catch(() => {
      // It may work the next time.
      asked.delete(userId);
      return undefined;
    });
  asked.set(userId, known);
  return known;
}

/** Somebody, also who is not here any more. */
export function useAnybody(userId: string | null): User | undefined {
  const told = useUser(userId);
  const ready = useHubState((state) => state.ready);
  const [found, setFound] = useState<User>();
  const missing = userId !== null && ready && told === undefined;
  useEffect(() => {
    if (!missing || userId === null) return undefined;
    let here = true;
    void lookUp(userId).then((user) => here && setFound(user));
    return () => void (here = false);
  }, [missing, userId]);
  return told ?? (found?.id === userId ? found : undefined);
}
