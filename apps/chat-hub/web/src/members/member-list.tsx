import type { KeyboardEvent, ReactNode } from 'react';
import { VList } from 'virtua';
import { useChannel, useRights } from '../channel/use-rights.ts';
import type { MemberGroup } from './member-rows.ts';
import { MemberLine } from './member-line.tsx';

export interface MemberListProps {
  readonly channelId: string;
  readonly groups: readonly MemberGroup[];
}

/** More of them are shown only as far as they are seen. */
const mostWhole = 100;

/** Members by groups. The arrow keys go from one to the next. */
export function MemberList({ channelId, groups }: MemberListProps) {
  const channel = useChannel(channelId);
  const rights = useRights(channelId);
  if (channel === undefined) return null;
  const lines = groups.flatMap(({ title, rows }): ReactNode[] => [
    <h3 key={title} className="member-group">
      {title} <span>{rows.length.toLocaleString()}</span>
    </h3>,
    ...rows.map((row) => <MemberLine key={row.member.userId} row={row} channel={channel} rights={rights} />),
  ]);
  const count = lines.length - groups.length;
  // A list box of its own would hide what can be done with each; this is a region that is read line by line.
  if (count > mostWhole)
    return (
      <VList className="member-list" role="group" aria-label="Members" onKeyDown={move} tabIndex={-1}>
        {lines}
      </VList>
    );
  return (
    <div className="member-list" role="group" aria-label="Members" onKeyDown={move} tabIndex={-1}>
      {lines}
    </div>
  );
}

function move(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const names = [...event.currentTarget.querySelectorAll<HTMLElement>('.member-name')];
  const at = names.findIndex((name) => name === document.activeElement);
  if (step === 0 || at < 0) return;
  event.preventDefault();
  names[at + step]?.focus();
}
