import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { LogItem } from './rows.ts';
import { useShift } from './shift.ts';
import { usePress } from './use-press.ts';
import './timeline.css';

export interface LogHandle {
  readonly toEnd: () => void;
  /** Brings a row to the middle; `focus` also for the keyboard. */
  readonly toRow: (index: number, focus?: boolean) => void;
  /** Brings a row to the middle if it is not drawn. */
  readonly reveal: (index: number) => void;
}

interface RowPlace {
  readonly index: number;
  /** 0 for the one row that the tab key comes to. */
  readonly tabIndex: 0 | -1;
}

export interface MessageLogProps {
  readonly label: string;
  readonly rows: readonly LogItem[];
  readonly render: (row: LogItem, place: RowPlace) => ReactNode;
  readonly ref?: Ref<LogHandle>;
  /** Whether it begins at the end, and stays there while more comes. @default true */
  readonly fromEnd?: boolean;
  /** Where few rows stand. @default end */
  readonly few?: 'start' | 'end';
  /** The start is near: older rows are wanted. */
  readonly onStartNear?: () => void;
  /** Whether the end is in view. */
  readonly onEnd?: (atEnd: boolean) => void;
}

const endPx = 16;
const startScreens = 2;

/** Rows of messages, of which only those in view are in the page. Whoever is at the end stays there; whoever reads is not moved. */
export function MessageLog({
  label,
  rows,
  render,
  ref,
  fromEnd = true,
  few = 'end',
  onStartNear,
  onEnd,
}: MessageLogProps) {
  const frame = useRef<HTMLElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const sticks = useRef(fromEnd);
  const lastOffset = useRef(0);
  const focusNext = useRef<string>(undefined);
  const [active, setActive] = useState<string>();
  const [atEnd, setAtEnd] = useState(fromEnd);
  const { shown, shift } = useShift(rows);
  const activeAt = useActive(shown, active);
  const live = useNews(atEnd);

  const stick = useCallback(
    (next: boolean): void => {
      if (sticks.current === next) return;
      sticks.current = next;
      setAtEnd(next);
      onEnd?.(next);
    },
    [onEnd],
  );
  const settled = useRef(() => {});
  const { isPressed, onPointerDown } = usePress(useCallback(() => settled.current(), []));
  const settle = useCallback((): void => {
    const { current } = frame;
    if (current === null) return;
    focusPending(current, focusNext);
    if (sticks.current && !isPressed.current) current.scrollTop = current.scrollHeight;
    lastOffset.current = current.scrollTop;
    // Where the list was put is told to it by an event of the next frame: until then it would reckon from where it was.
    if (list.current !== null && list.current.scrollOffset !== current.scrollTop)
      current.dispatchEvent(new Event('scroll'));
    if (current.scrollTop < current.clientHeight * startScreens) onStartNear?.();
  }, [onStartNear, isPressed]);
  settled.current = settle;
  const watch = (): void => {
    const { current } = frame;
    if (current === null) return;
    const { scrollTop, scrollHeight, clientHeight } = current;
    const below = scrollHeight - scrollTop - clientHeight;
    if (below <= endPx) stick(true);
    else if (scrollTop < lastOffset.current - 1) stick(false);
    lastOffset.current = scrollTop;
    if (scrollTop < clientHeight * startScreens) onStartNear?.();
  };

  const toRow = useCallback(
    (index: number, focus = false): void => {
      const key = rows[index]?.key;
      if (key === undefined) return;
      stick(false);
      list.current?.scrollToIndex(index, { align: 'center' });
      if (!focus) return;
      focusNext.current = key;
      setActive(key);
    },
    [rows, stick],
  );
  useImperativeHandle(
    ref,
    () => ({
      toRow,
      reveal: (index) => {
        const key = rows[index]?.key;
        if (key !== undefined && rowIn(frame.current, key) === null) toRow(index);
      },
      toEnd: () => {
        stick(true);
        settle();
      },
    }),
    [rows, toRow, stick, settle],
  );

  useLayoutEffect(settle, [shown, settle]);
  useLayoutEffect(() => focusPending(frame.current, focusNext));

  const walk = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
    const row = event.target.closest<HTMLElement>('[data-row]');
    if (event.key === 'Escape' && row !== null && row !== event.target && !event.defaultPrevented) {
      event.preventDefault();
      row.focus({ preventScroll: true });
    }
    if (row !== event.target) return;
    if (event.key === 'Enter') {
      const first =
        row.querySelector<HTMLElement>('.message-actions button') ?? row.querySelector('button, a');
      if (first === null) return;
      event.preventDefault();
      first.focus();
      return;
    }
    const to = { ArrowUp: activeAt - 1, ArrowDown: activeAt + 1, Home: 0, End: shown.length - 1 }[event.key];
    const key = to === undefined ? undefined : shown[to]?.key;
    if (to === undefined || key === undefined) return;
    event.preventDefault();
    if (to === shown.length - 1) stick(true);
    else if (to < activeAt) stick(false);
    focusNext.current = key;
    setActive(key);
    list.current?.scrollToIndex(to, { align: 'nearest' });
  };

  return (
    <section
      ref={frame}
      className="timeline"
      aria-label={label}
      role="log"
      aria-live={live ? 'polite' : 'off'}
      aria-relevant="additions"
      onKeyDown={walk}
      onPointerDown={onPointerDown}
      onFocus={({ target }) => {
        const key = target.closest<HTMLElement>('[data-row]')?.dataset['row'];
        if (key !== undefined) setActive(key);
      }}
    >
      {few === 'end' && <div className="timeline-space" />}
      <Virtualizer
        ref={list}
        data={shown}
        shift={shift}
        bufferSize={400}
        keepMounted={active === undefined ? [] : [activeAt]}
        onScroll={watch}
        onResize={settle}
      >
        {(row, index) => (
          <div key={row.key}>{render(row, { index, tabIndex: index === activeAt ? 0 : -1 })}</div>
        )}
      </Virtualizer>
    </section>
  );
}

const quietMs = 1_500;

/** Whether rows that come are news, to be read out: at the end, once what was there before is there. What is scrolled into view is none. */
function useNews(atEnd: boolean): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    if (!atEnd) return undefined;
    const timer = setTimeout(() => setSettled(true), quietMs);
    return () => {
      clearTimeout(timer);
      setSettled(false);
    };
  }, [atEnd]);
  return atEnd && settled;
}

function rowIn(frame: HTMLElement | null, key: string): HTMLElement | null {
  return frame?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`) ?? null;
}

/** Gives the focus to a row as soon as it can take it: a row that has not been measured is hidden. */
function focusPending(frame: HTMLElement | null, next: { current: string | undefined }): void {
  if (next.current === undefined) return;
  const row = rowIn(frame, next.current);
  row?.focus({ preventScroll: true });
  if (row === document.activeElement) next.current = undefined;
}

/** Where the row is that the keyboard is at; the last one until somebody chose. */
function useActive(rows: readonly LogItem[], key: string | undefined): number {
  const last = useRef(0);
  if (key === undefined) return rows.length - 1;
  if (rows[last.current]?.key !== key) last.current = rows.findLastIndex((row) => row.key === key);
  return last.current < 0 ? rows.length - 1 : last.current;
}
