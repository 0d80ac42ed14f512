import type { Message } from '@parley/hub-protocol';
import { useRef, useState } from 'react';
import { useIsEdited } from './editing.ts';
import { useNear } from './near.ts';
import './actions.css';
import { later } from '../ui/later.tsx';

/** Nobody needs it to read. */
const ActionBar = later(() => import('./action-bar.tsx').then((part) => part.ActionBar));

const hasNoPointer = matchMedia('(hover: none)');

export interface MessageActionsProps {
  readonly message: Message;
  /** Whether it stands in the panel of its thread. */
  readonly inThread: boolean;
}

/** What can be done with a message. It stands over its row when somebody points at it, or comes to it by the keyboard; a finger finds a button. */
export function MessageActions({ message, inThread }: MessageActionsProps) {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useNear(place);
  // While something is asked beside it, it stays, wherever the pointer goes.
  const [isHeld, setHeld] = useState(false);
  const isEdited = useIsEdited(message.id, inThread);
  const isShown = message.deletedAt === null && !isEdited && (isNear || isHeld || hasNoPointer.matches);
  return (
    <div ref={place} className="message-actions">
      {isShown && <ActionBar message={message} inThread={inThread} place={place} onHold={setHeld} />}
    </div>
  );
}
