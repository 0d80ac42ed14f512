import { Bot } from 'lucide-react';
import { useUser } from '../hub/context.ts';
import './ui.css';

export interface AvatarProps {
  readonly userId: string | null;
  /** In pixels. @default 36 */
  readonly size?: number;
}

/** The picture of somebody. It says nothing that does not stand beside it, except to the eye: agents are square and have a badge. */
export function Avatar({ userId, size = 36 }: AvatarProps) {
  const user = useUser(userId);
  const kind = userId === null ? 'hub' : (user?.kind ?? 'person');
  return (
    <span className="avatar" data-kind={kind} style={{ inlineSize: size, blockSize: size }} aria-hidden>
      {userId === null ? (
        <img src="/icon.svg" alt="" width={size} height={size} />
      ) : (
        <img src={`/api/v1/users/${userId}/avatar`} alt="" width={size} height={size} loading="lazy" />
      )}
      {kind === 'agent' && size >= 24 && (
        <span className="avatar-badge">
          <Bot size={Math.max(9, size / 3.4)} />
        </span>
      )}
    </span>
  );
}
