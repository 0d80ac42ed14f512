import type { Message } from '@parley/hub-protocol';
import { hashOf } from '../shell/place.ts';

/** Where a message is. One in a thread is found with its thread beside. */
export function linkOf({ id, channelId, threadId }: Pick<Message, 'id' | 'channelId' | 'threadId'>): string {
  const hash =
    threadId === null
      ? hashOf({ view: 'channel', channelId, messageId: id })
      : hashOf({ view: 'channel', channelId, messageId: threadId, panel: { kind: 'thread', id: threadId } });
  return `${location.origin}/${hash}`;
}

/** Over an insecure line a page has no clipboard of its own: there it is copied as if by hand. */
export async function copyText(text: string): Promise<void> {
  if ('clipboard' in navigator) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'quiet';
  document.body.append(field);
  field.select();
  // There is no other way without a clipboard.
  const done = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  if (!done) throw new Error('This browser does not let the page copy.');
}
