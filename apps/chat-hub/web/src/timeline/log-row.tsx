import { memo, type ReactNode } from 'react';
import { TurnRow } from '../agents/turn-row.tsx';
import { MessageRow } from '../message/message-row.tsx';
import { DayLine } from './day-line.tsx';
import type { LogItem } from './rows.ts';

export interface LogRowProps {
  readonly row: LogItem;
  readonly tabIndex: 0 | -1;
  /** Whether what is unread begins with it. */
  readonly unread: boolean;
  /** Whether a link led to it. */
  readonly marked: boolean;
  /** What stands above the first row. */
  readonly start?: ReactNode;
  /** Whether it stands in the panel of its thread. */
  readonly inThread?: boolean;
}

/** One row of a log, with the lines above it. It is drawn again only when it says something else. */
export const LogRow = memo(function LogRow({ row, tabIndex, unread, marked, start, inThread }: LogRowProps) {
  return (
    <>
      {start}
      <DayLine day={row.newDay ? row.at : undefined} unread={unread} />
      {row.kind === 'turn' ? (
        <TurnRow row={row} tabIndex={tabIndex} marked={marked} />
      ) : (
        <MessageRow
          message={row.message}
          rowKey={row.key}
          head={row.head || unread}
          tabIndex={tabIndex}
          marked={marked}
          outgoing={row.outgoing}
          inThread={inThread}
        />
      )}
    </>
  );
});
