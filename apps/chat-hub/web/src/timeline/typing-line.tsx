import { useHubState } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';

export interface TypingLineProps {
  readonly channelId: string;
  readonly threadId: string | null;
}

/** Who types there now. */
export function TypingLine({ channelId, threadId }: TypingLineProps) {
  const text = useHubState(({ rosters, users }) => {
    const typists = rosters.get(channelId)?.typing.filter((one) => one.threadId === threadId) ?? [];
    const names = typists.map(({ userId }) => nameOf(users.get(userId)));
    if (names.length === 0) return '';
    if (names.length === 1) return `${names[0]} is typing…`;
    return names.length === 2 ? `${names[0]} and ${names[1]} are typing…` : 'Several are typing…';
  });
  return (
    <p className="typing" aria-live="polite">
      {text}
    </p>
  );
}
