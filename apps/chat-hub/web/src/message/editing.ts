import { useSyncExternalStore } from 'react';
import { keepPage } from '../shell/at-stake.ts';

const listeners = new Set<() => void>();
let edited: Edited | undefined;
/** Set until the form that somebody asked for has the keyboard. */
let isAsked = false;
/** What was typed so far, by message: a row that leaves the screen takes nothing with it. */
const texts = new Map<string, EditedText>();

/** A message may stand in the channel and in the panel of its thread: it is changed where somebody began to. */
export interface Edited {
  readonly messageId: string;
  readonly inThread: boolean;
}

export interface EditedText {
  readonly text: string;
  /** What the message said when it was begun. */
  readonly from: string;
}

keepPage(() => texts.size > 0);

/** Which message somebody changes: one at a time. */
export function edit(next: Edited | undefined): void {
  edited = next;
  isAsked = next !== undefined;
  for (const listener of listeners) listener();
}

export function useEdited(): Edited | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => edited,
  );
}

/** Whether the form of a message is still to be shown to who asked for it. One that merely comes back, as its row is scrolled to, is nobody's wish. */
export const isWanted = (messageId: string): boolean => isAsked && edited?.messageId === messageId;
export const noteShown = (): void => void (isAsked = false);

export const editedText = (messageId: string): EditedText | undefined => texts.get(messageId);
export const keepEditedText = (messageId: string, text: EditedText): void => void texts.set(messageId, text);

/** Whether a row is the one in which its message is changed. */
export function useIsEdited(messageId: string, inThread: boolean): boolean {
  const now = useEdited();
  return now?.messageId === messageId && now.inThread === inThread;
}

/** It is saved, or given up. */
export function endEdit(messageId: string): void {
  texts.delete(messageId);
  if (edited?.messageId === messageId) edit(undefined);
}
