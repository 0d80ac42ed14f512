import { useMemo } from 'react';
import { useHubState, useSession } from '../../hub/context.ts';
import type { Choice } from '../../ui/select-field.tsx';

/** People who can answer for an agent. */
export function useOwnerChoices(): Choice[] {
  const users = useHubState((state) => state.users);
  const { userId } = useSession();
  return useMemo(
    () =>
      [...users.values()]
        .filter(({ kind, deactivatedAt }) => kind === 'person' && deactivatedAt === null)
        .toSorted((a, b) => a.displayName.localeCompare(b.displayName))
        .map(({ id, displayName, handle }) => ({
          value: id,
          label: `${displayName} (@${handle})${id === userId ? ', you' : ''}`,
        })),
    [users, userId],
  );
}

/** `code review, tests` */
export function wordsIn(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
