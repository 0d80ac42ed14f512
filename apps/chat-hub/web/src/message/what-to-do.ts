import type { Message } from '@parley/hub-protocol';
import {
  Copy,
  Link,
  MessageSquare,
  Pencil,
  Pin,
  PinOff,
  TextQuote,
  Trash2,
  type LucideIcon,
} from 'lucide-react';
import { placeKey } from '../composer/drafts.ts';
import type { Standing } from '../composer/standing.ts';
import { quote } from '../composer/writers.ts';
import type { Session } from '../hub/context.ts';
import { goBeside } from '../shell/place.ts';
import type { Toasts } from '../ui/toasts.tsx';
import { copyText, linkOf } from './copying.ts';
import { edit } from './editing.ts';

/** Something that can be done with a message. */
export interface Doing {
  readonly id: 'thread' | 'edit' | 'quote' | 'pin' | 'copy' | 'link' | 'delete';
  readonly label: string;
  readonly icon: LucideIcon;
  readonly onSelect: () => void;
  /** A key that does the same on the row. */
  readonly hint?: string;
  readonly tone?: 'danger';
}

export interface DoingFacts {
  readonly message: Message;
  /** Whether it stands in the panel of its thread. */
  readonly inThread: boolean;
  readonly session: Session;
  readonly standing: Standing;
  readonly toasts: Toasts;
  readonly onDelete: () => void;
}

/** What somebody may do with a message, in the order in which it is offered. */
export function doingsOf({
  message,
  inThread,
  session,
  standing,
  toasts,
  onDelete,
}: DoingFacts): readonly Doing[] {
  const { hub, userId, scopes } = session;
  const { id: messageId, channelId, threadId, pinnedAt, streaming, kind, content } = message;
  const isOwn = message.senderId === userId;
  const mayWrite = standing.canWrite && scopes.has('write');
  const isSaid = kind === 'message' && message.deletedAt === null;
  const params = { channelId, messageId };
  const copy = (text: string, done: string): void => void tell(copyText(text), done, toasts);

  const all: readonly (Doing | false)[] = [
    isSaid &&
      standing.isMember && {
        id: 'thread',
        label: threadId === null ? 'Reply in thread' : 'Open thread',
        icon: MessageSquare,
        hint: 'T',
        onSelect: () => goBeside({ kind: 'thread', id: threadId ?? messageId }),
      },
    isSaid &&
      isOwn &&
      mayWrite &&
      streaming !== 'open' && {
        id: 'edit',
        label: 'Edit',
        icon: Pencil,
        hint: 'E',
        onSelect: () => edit({ messageId, inThread }),
      },
    isSaid &&
      mayWrite &&
      content.trim() !== '' && {
        id: 'quote',
        label: 'Quote',
        icon: TextQuote,
        onSelect: () => quote(userId, placeKey({ channelId, threadId }), content),
      },
    isSaid &&
      standing.canWrite &&
      scopes.has('manage') && {
        id: 'pin',
        label: pinnedAt === null ? 'Pin to the channel' : 'Unpin',
        icon: pinnedAt === null ? Pin : PinOff,
        onSelect: () =>
          void tell(
            hub.call(pinnedAt === null ? 'pinMessage' : 'unpinMessage', { params }),
            pinnedAt === null ? 'The message is pinned.' : 'The message is unpinned.',
            toasts,
          ),
      },
    content.trim() !== '' && {
      id: 'copy',
      label: 'Copy text',
      icon: Copy,
      onSelect: () => copy(content, 'The text is copied.'),
    },
    {
      id: 'link',
      label: 'Copy link',
      icon: Link,
      onSelect: () => copy(linkOf(message), 'The link is copied.'),
    },
    ((isOwn && mayWrite) || (standing.canModerate && scopes.has('write'))) && {
      id: 'delete',
      label: 'Delete…',
      icon: Trash2,
      hint: 'Del',
      tone: 'danger',
      onSelect: onDelete,
    },
  ];
  return all.filter((one) => one !== false);
}

async function tell(work: Promise<unknown>, done: string, toasts: Toasts): Promise<void> {
  try {
    await work;
    toasts.say(done);
  } catch (error) {
    toasts.fail(error);
  }
}
