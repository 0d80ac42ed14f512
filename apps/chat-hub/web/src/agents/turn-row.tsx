import { ChevronRight, Sparkles } from 'lucide-react';
import { memo, useState } from 'react';
import { useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import type { TurnItem } from '../timeline/rows.ts';
import { fullTimeOf, useTimeFormat } from '../preferences/times.ts';
import { Avatar } from '../ui/avatar.tsx';
import { turnSummary } from './turn-summary.ts';
import './agents.css';
import { later } from '../ui/later.tsx';

const TurnSteps = later(
  () => import('./turn-steps.tsx').then((part) => part.TurnSteps),
  () => <p className="turn-waits" aria-busy="true" />,
);

export interface TurnRowProps {
  readonly row: TurnItem;
  readonly tabIndex: 0 | -1;
  /** Whether a link led to it. */
  readonly marked: boolean;
}

/** Which turns were opened: they stay so, also when they were out of view. */
const opened = new Set<string>();

/** What an agent thought and did in one turn, in one line that opens. */
export const TurnRow = memo(function TurnRow({ row, tabIndex, marked }: TurnRowProps) {
  const { key, senderId, steps, at } = row;
  const sender = useUser(senderId);
  const clock = useTimeFormat();
  const [open, setOpen] = useState(() => opened.has(key));
  const latest = steps.at(-1);
  const works = latest?.streaming === 'open';
  const toggle = (): void => {
    if (open) opened.delete(key);
    else opened.add(key);
    setOpen(!open);
  };
  const name = nameOf(sender);
  return (
    <article
      className="turn"
      data-row={key}
      data-marked={marked || undefined}
      aria-label={`${name} at work, ${clock.format(at)}`}
      aria-busy={works || undefined}
      tabIndex={tabIndex}
    >
      <div className="message-side">
        <Avatar userId={senderId} size={22} />
      </div>
      <div className="turn-main">
        <button type="button" className="turn-button" aria-expanded={open} onClick={toggle}>
          <ChevronRight aria-hidden size={15} className="turn-arrow" />
          <Sparkles aria-hidden size={14} />
          <b>
            <bdi>{name}</bdi>
          </b>
          <span className="turn-summary">{turnSummary(steps)}</span>
          {!open && latest !== undefined && latest.content !== '' && (
            <span className="turn-latest" dir="auto">
              {latest.content.slice(0, 140)}
            </span>
          )}
          <time dateTime={new Date(at).toISOString()} title={fullTimeOf(at)}>
            {clock.format(at)}
          </time>
        </button>
        {open && <TurnSteps steps={steps} />}
      </div>
    </article>
  );
});
