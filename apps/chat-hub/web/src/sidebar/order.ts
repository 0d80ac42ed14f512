import type { ChannelState, HubState } from '@parley/hub-client';
import { useEffect, useRef, useState } from 'react';
import { useHubState } from '../hub/context.ts';
import { lastSaid } from '../hub/last-said.ts';

/** Channels by their ids, as they are listed. */
export interface Order {
  readonly rooms: readonly string[];
  /** Conversations of two or a few, the latest first. */
  readonly talks: readonly string[];
}

const isTalk = ({ channel }: ChannelState): boolean => channel.kind === 'direct' || channel.kind === 'group';

function arrange(channels: HubState['channels']): Order {
  const rooms: ChannelState[] = [];
  const talks: ChannelState[] = [];
  for (const state of channels.values())
    if (state.channel.archivedAt === null) (isTalk(state) ? talks : rooms).push(state);
  // Names have small letters and digits alone.
  rooms.sort((a, b) => ((a.channel.name ?? '') < (b.channel.name ?? '') ? -1 : 1));
  talks.sort((a, b) => lastSaid(b) - lastSaid(a));
  return { rooms: rooms.map(idOf), talks: talks.map(idOf) };
}

const idOf = ({ channel }: ChannelState): string => channel.id;

/** What was there stays where it was; what is new comes behind it. */
function hold(before: readonly string[], now: readonly string[]): readonly string[] {
  const there = new Set(now);
  const known = new Set(before);
  return [...before.filter((id) => there.has(id)), ...now.filter((id) => !known.has(id))];
}

/** The order of the list. It stays as it is while somebody points into it, or is in it by the keyboard. */
export function useOrder(held: boolean): Order {
  const last = useRef<{
    readonly channels: HubState['channels'];
    readonly held: boolean;
    readonly order: Order;
  }>(undefined);
  return useHubState(({ channels }) => {
    const before = last.current;
    if (before?.channels === channels && before.held === held) return before.order;
    const now = arrange(channels);
    const next =
      held && before !== undefined
        ? { rooms: hold(before.order.rooms, now.rooms), talks: hold(before.order.talks, now.talks) }
        : now;
    const order = before !== undefined && sameOrder(before.order, next) ? before.order : next;
    last.current = { channels, held, order };
    return order;
  });
}

const sameOrder = (a: Order, b: Order): boolean => sameList(a.rooms, b.rooms) && sameList(a.talks, b.talks);

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id, at) => id === b[at]);

/** Whether somebody is in a part of the page with the pointer or the keyboard. */
export function useHeld(element: { readonly current: HTMLElement | null }): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const part = element.current;
    if (part === null) return undefined;
    const look = (): void => setHeld(part.matches(':hover') || part.matches(':focus-within'));
    const events = ['pointerenter', 'pointerleave', 'focusin', 'focusout'] as const;
    const later = (): void => void requestAnimationFrame(look);
    for (const event of events) part.addEventListener(event, later);
    return () => {
      for (const event of events) part.removeEventListener(event, later);
    };
  }, [element]);
  return held;
}
