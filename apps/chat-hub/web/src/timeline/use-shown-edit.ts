import { useEffect, type RefObject } from 'react';
import { isWanted, useEdited } from '../message/editing.ts';
import type { LogHandle } from './message-log.tsx';
import { rowWith, type LogItem } from './rows.ts';

/** Brings the message that somebody begins to change into view: from where one writes, it may be far away. */
export function useShownEdit(
  log: RefObject<LogHandle | null>,
  rows: readonly LogItem[],
  inThread: boolean,
): void {
  const edited = useEdited();
  useEffect(() => {
    if (edited?.inThread !== inThread || !isWanted(edited.messageId)) return;
    const at = rowWith(rows, edited.messageId);
    if (at >= 0) log.current?.reveal(at);
    // Once, when it begins: then one may scroll away, or come back to the channel.
  }, [edited, inThread]);
}
