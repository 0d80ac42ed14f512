import { useHubState } from '../hub/context.ts';
import { typingText } from './typing-text.ts';
import { nameOf } from '../hub/names.ts';

export interface TypingLineProps {
  readonly channelId: string;
  readonly threadId: string | null;
}

/** Who types there now. */
export function TypingLine({ channelId, threadId }: TypingLineProps) {
  const text = useHubState(({ rosters, users }) => {
    const typists = rosters.get(channelId)?.typing.filter((one) => one.threadId === threadId) ?? [];
    const people: string[] = [];
    const agents: string[] = [];
    for (const { userId } of typists) {
      const user = users.get(userId);
      (user?.kind === 'agent' ? agents : people).push(nameOf(user));
    }
    return typingText(people, agents);
  });
  return (
    <p className="typing" aria-live="polite">
      {text !== '' && (
        <span className="typing-dots" aria-hidden>
          <i />
          <i />
          <i />
        </span>
      )}
      <span dir="auto">{text}</span>
    </p>
  );
}
