import { fullTimeOf } from '../preferences/times.ts';
import { dayName } from './times.ts';

export interface LineProps {
  /** A moment of the day that begins here. */
  readonly day: number | undefined;
  /** Whether what is unread begins here. */
  readonly unread: boolean;
}

/** The line between two days, and before what is new. */
export function DayLine({ day, unread }: LineProps) {
  if (day === undefined && !unread) return null;
  return (
    <div className="day-line" data-unread={unread || undefined}>
      {day !== undefined && (
        <time dateTime={new Date(day).toISOString()} title={fullTimeOf(day)}>
          {dayName(day)}
        </time>
      )}
      {unread && <span className="new-mark">New</span>}
    </div>
  );
}
